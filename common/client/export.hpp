/// @file
#pragma once

/// Marks what libclacks-common shows to other programs; everything else in it stays hidden.
#define CLACKS_API __attribute__((visibility("default")))
