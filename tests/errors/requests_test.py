"""Requests that no command can answer: rejected where there is nowhere to answer to, else answered with an error."""
import unittest

from bad_input import COMMANDS, EVENTS, Case
from proton import Message


class Requests(Case):
    def judge(self, body):
        error = self.answer(body)["error"]
        self.sees(str(error["code"]), error["message"])
        return error.get("data")

    def test_no_reply_to(self):
        self.sees(*self.rejected(Message(body=b'{"method":"getMethods"}'), self.peer().create_sender(COMMANDS)))

    def test_reply_to_that_is_not_there(self):
        request = Message(body=b'{"method":"getMethods"}', reply_to=EVENTS)
        self.sees(*self.rejected(request, self.peer().create_sender(COMMANDS)))

    def test_not_json(self):
        self.assertEqual(self.judge('{"method":\n  getMethods}'), {"line": 2, "column": 3})

    def test_json_cut_short(self):
        self.judge('{"method": "getMethods"')

    def test_json_bad_utf8(self):
        self.judge(b'{"method": "\xff"}')

    def test_json_too_deep(self):
        self.judge("[" * 100000)

    def test_no_request(self):
        self.judge("5")

    def test_no_method(self):
        self.judge({"params": [], "id": 1})

    def test_unknown_json_rpc(self):
        self.judge({"jsonrpc": "3.0", "method": "getMethods", "id": 1})

    def test_empty_batch(self):
        self.judge([])

    def test_unknown_method(self):
        self.judge({"method": "sendEvnt", "params": [], "id": 1})

    def test_too_many_parameters(self):
        self.judge({"method": "sendEvent", "params": ["<a/>", 5], "id": 1})

    def test_missing_parameter(self):
        self.judge({"method": "sendEvent", "params": [], "id": 1})

    def test_wrong_parameter_type(self):
        self.judge({"method": "sendEvent", "params": [5], "id": 1})

    def test_unknown_parameter(self):
        self.judge({"jsonrpc": "2.0", "method": "sendEvent", "params": {"date": "<a/>"}, "id": 1})

    def test_parameters_no_list(self):
        self.judge({"method": "sendEvent", "params": "<a/>", "id": 1})

    def test_unknown_event_name(self):
        self.judge({"method": "getEventSchema", "params": ["PhoneStat"], "id": 1})

    def test_unknown_queue_name(self):
        self.judge({"method": "getMethods", "params": ["croe"], "id": 1})


if __name__ == "__main__":
    unittest.main()
