package dev.postern.cli.demo;

/// The demo did not get where it should; the message says what was waited for.
final class DemoFailure extends Exception {
    DemoFailure(String message) {
        super(message);
    }
}
