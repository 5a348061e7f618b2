package dev.postern.lab.matrix;

/// What the client proves itself with in a full exchange.
enum Credential {
    PSK("PSK"),
    CERTIFICATE("certificate"),
    /// EAP-MSCHAPv2, which the gateways pass through to FreeRADIUS.
    EAP("EAP, RADIUS");

    private final String text;

    Credential(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
