"""Things to run beside Raygate: a shop that makes traces, senders, the demo."""
