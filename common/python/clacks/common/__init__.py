"""What programs use: `components` to talk to an agent, `event` for the events themselves."""
