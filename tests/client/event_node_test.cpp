#include "common/client/event_node.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <thread>

#include "common/client/received_event.hpp"

using namespace clacks;
using Catch::Matchers::Contains;

namespace {

constexpr const char* kPhone =
    "<Event xmlns='http://www.gonicus.de/Events'>\n"
    "  <PhoneStatus><CallerId> 012345 </CallerId><ReceiverId>1<!-- - -->2&lt;<![CDATA[&]]></ReceiverId>"
    "<Status/></PhoneStatus>\n</Event>";

ReceivedEvent event_of(std::string document) {
    ReceivedEvent event;
    event.document = std::move(document);
    return event;
}

// An element V with this text.
EventNode value(const std::string& text) {
    return EventNode("<Event><X><V>" + text + "</V></X></Event>")["X"]["V"];
}

template <class T>
std::string error_of(const std::string& text) {
    const auto read = value(text).try_as<T>();
    REQUIRE_FALSE(read);
    CHECK(read.error().code == "event-value");
    CHECK(read.error().path == "/Event/X/V");
    return to_string(read.error());
}

}  // namespace

TEST_CASE("fields of an event are read by their names") {
    const ReceivedEvent event = event_of(kPhone);
    const EventNode phone = event["PhoneStatus"];
    CHECK(phone.name() == "PhoneStatus");
    CHECK(event["PhoneStatus"]["CallerId"].as<std::string>() == " 012345 ");
    CHECK(phone["CallerId"].as<int>() == 12345);
    CHECK(phone["ReceiverId"].as<std::string>() == "12<&");
    CHECK(phone["Status"].as<std::string>().empty());
    CHECK(value("  ").as<std::string>() == "  ");
}

TEST_CASE("a prefix makes no difference") {
    const EventNode event(
        "<e:Event xmlns:e='http://www.gonicus.de/Events'><e:X><e:V>1</e:V></e:X></e:Event>");
    CHECK(event["X"]["V"].as<bool>());
    CHECK(event["X"].children().at(0).name() == "V");
}

TEST_CASE("what is not there tells the first step that led nowhere") {
    const ReceivedEvent event = event_of(kPhone);
    const EventNode number = event["PhoneStatus"]["CallerID"]["Number"];
    CHECK_FALSE(number.exists());
    CHECK(number.name().empty());
    CHECK(number.path() == "/Event/PhoneStatus/CallerID/Number");
    CHECK(number.children().empty());
    CHECK(number.all("x").empty());
    REQUIRE(number.missing());
    CHECK(number.missing()->code == "event-missing");
    CHECK(number.missing()->path == "/Event/PhoneStatus");
    CHECK_THROWS_WITH(
        number.as<std::string>(),
        "event: /Event/PhoneStatus: there is no element 'CallerID' in it; did you mean 'CallerId'?");
    CHECK_THROWS_AS(number.as<int>(), EventError);
    CHECK(number.try_as<WallTime>().error().code == "event-missing");
    CHECK(number.attribute("a").try_as<bool>().error().path == "/Event/PhoneStatus");
    CHECK_FALSE(event["PhoneStatus"]["CallerId"].missing());
}

TEST_CASE("a document that is none is told where it is asked") {
    const auto broken =
        event_of("<Event>\n<PhoneStatus></Event>")["PhoneStatus"]["Status"].try_as<std::string>();
    REQUIRE_FALSE(broken);
    CHECK(broken.error().code == "event-unreadable");
    CHECK(broken.error().line == 2);
    const auto other = event_of("<Evnt><X/></Evnt>")["X"].try_as<std::string>();
    REQUIRE_FALSE(other);
    CHECK(to_string(other.error()) == "event: /Evnt: the document is no event, expected the element Event");
    CHECK_FALSE(event_of("")["X"].exists());
    CHECK_FALSE(event_of("no XML")["X"].exists());
}

TEST_CASE("an element with elements is no value") {
    const auto phone = event_of(kPhone)["PhoneStatus"].try_as<std::string>();
    REQUIRE_FALSE(phone);
    CHECK(to_string(phone.error()) ==
          "event: /Event/PhoneStatus: the element holds other elements and is no value; take one of them, as "
          "'CallerId'");
}

TEST_CASE("repeated elements are numbered") {
    const EventNode report("<Event><P><Id>a</Id><L><N>1</N></L><L><N>x</N></L></P></Event>");
    const auto logs = report["P"].all("L");
    REQUIRE(logs.size() == 2);
    CHECK(logs[0]["N"].as<int>() == 1);
    CHECK(logs[1]["N"].try_as<int>().error().path == "/Event/P/L[2]/N");
    CHECK(report["P"]["L"].path() == "/Event/P/L[1]");
    const auto children = report["P"].children();
    REQUIRE(children.size() == 3);
    CHECK(children[0].path() == "/Event/P/Id");
    CHECK(children[2].path() == "/Event/P/L[2]");
}

TEST_CASE("attributes are read as elements are") {
    const EventNode element = EventNode("<Event><X xmlns:y='urn:y' y:unit='s' n='7'/></Event>")["X"];
    CHECK(element.attribute("n").as<std::uint8_t>() == 7);
    CHECK(element.attribute("unit").as<std::string>() == "s");
    CHECK(element.attribute("unit").try_as<int>().error().path == "/Event/X/@unit");
    CHECK_THAT(to_string(*element.attribute("units").missing()),
               Contains("/Event/X: it has no attribute 'units'") && Contains("did you mean 'unit'?"));
    CHECK_FALSE(element.attribute("y"));
    CHECK_FALSE(element.attribute("n").attribute("n"));
    const EventNode inner = EventNode("<Event><X n='7'><V>1</V></X></Event>")["X"].attribute("n");
    CHECK_FALSE(inner["V"].exists());
    CHECK(inner.children().empty());
}

TEST_CASE("booleans") {
    CHECK(value(" true\n").as<bool>());
    CHECK(value("1").as<bool>());
    CHECK_FALSE(value("false").as<bool>());
    CHECK_FALSE(value("0").as<bool>());
    CHECK(error_of<bool>("yes") == "event: /Event/X/V: the value is 'yes', expected true or false");
    error_of<bool>("");
}

TEST_CASE("whole numbers keep within their type") {
    CHECK(value("-128").as<std::int8_t>() == -128);
    CHECK(value("+5").as<unsigned>() == 5);
    CHECK(value("-0").as<unsigned>() == 0);
    CHECK(value("18446744073709551615").as<std::uint64_t>() == 18446744073709551615U);
    CHECK(value("-9223372036854775808").as<std::int64_t>() == std::numeric_limits<std::int64_t>::min());
    CHECK(error_of<std::uint16_t>("70000") ==
          "event: /Event/X/V: the value is '70000', expected a whole number from 0 to 65535");
    CHECK_THAT(error_of<std::int8_t>("128"), Contains("from -128 to 127"));
    for (const char* text : {"", "1.0", "0x1", "1 2", "+-1", "--1", "9223372036854775808"})
        error_of<std::int64_t>(text);
    error_of<unsigned>("-1");
}

TEST_CASE("numbers as XML Schema writes them") {
    CHECK(value("0.5").as<double>() == 0.5);
    CHECK(value("+1E3").as<float>() == 1000.0F);
    CHECK(value(".5").as<double>() == 0.5);
    CHECK(std::isinf(value("-INF").as<double>()));
    CHECK(std::isinf(value("INF").as<float>()));
    CHECK(std::isnan(value("NaN").as<double>()));
    for (const char* text : {"", "inf", "nan", "infinity", "1,5", "0x1p3", "1e", "1e999"})
        error_of<double>(text);
    error_of<float>("1e39");
}

TEST_CASE("dates with their time") {
    using namespace std::chrono;
    const WallTime noon = sys_days(year(2024) / 2 / 29) + 12h;
    CHECK(value("2024-02-29T12:00:00Z").as<WallTime>() == noon);
    CHECK(value(" 2024-02-29T12:00:00 ").as<WallTime>() == noon);
    CHECK(value("2024-02-29T13:30:00.1234+01:30").as<WallTime>() == noon + 123ms);
    CHECK(value("2024-02-28T22:00:00-14:00").as<WallTime>() == noon);
    CHECK(value("2024-02-28T24:00:00Z").as<WallTime>() == noon - 12h);
    for (const char* text :
         {"", "2024-02-30T12:00:00Z", "2024-02-29", "2024-02-29T25:00:00", "2024-02-29T24:00:01",
          "2024-02-29T12:60:00", "2024-02-29T12:00:60", "2024-02-29T12:00:00.", "2024-02-29T12:00:00+15:00",
          "2024-02-29T12:00:00Zulu", "0000-01-01T00:00:00"})
        error_of<WallTime>(text);
}

TEST_CASE("a node outlives its document and is shared by threads") {
    std::optional<EventNode> phone;
    {
        const ReceivedEvent event = event_of(kPhone);
        phone.emplace(event["PhoneStatus"]);
    }
    int read[2] = {};
    std::thread other([&] { read[0] = (*phone)["CallerId"].as<int>(); });
    read[1] = (*phone)["CallerId"].as<int>();
    other.join();
    CHECK(read[0] == 12345);
    CHECK(read[1] == 12345);
}

TEST_CASE("deep nesting and entities do no harm") {
    std::string deep = "<Event>";
    for (int i = 0; i < 200000; ++i) deep += "<a>";
    CHECK_FALSE(EventNode(deep)["a"].exists());
    for (int i = 0; i < 200000; ++i) deep += "</a>";
    CHECK(EventNode(deep + "</Event>")["a"]["a"].exists());
    const EventNode entity(
        "<!DOCTYPE Event [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><Event><V>&x;</V></Event>");
    CHECK(entity["V"].as<std::string>() == "&x;");
}
