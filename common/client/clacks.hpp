/// @file
/// Everything a program needs to send and receive events and to call commands.
#pragma once

#include <nlohmann/json.hpp>

#include "common/client/amqp_event_consumer.hpp"
#include "common/client/amqp_service_proxy.hpp"
#include "common/client/publisher.hpp"
#include "common/events/event_maker.hpp"
