package dev.postern.radius;

import dev.postern.wire.Octets;

import java.util.BitSet;

/// One call on its way: where it is, under which identifier, and when it goes out again.
final class Flight {
    static final int NOWHERE = -1;

    private final Call call;
    private final BitSet tried = new BitSet();
    private int server = NOWHERE;
    private int slot;
    private Octets authenticator = Octets.EMPTY;
    private byte[] octets = {};
    private int transmissions;
    private long firstSentAt;
    private long nextAt;
    private boolean over;

    Flight(Call call) {
        this.call = call;
    }

    Call call() {
        return call;
    }

    /// Index of the server that is asked at present, or [#NOWHERE].
    int server() {
        return server;
    }

    int slot() {
        return slot;
    }

    int channel() {
        return slot >>> 8;
    }

    int identifier() {
        return slot & 0xff;
    }

    Octets authenticator() {
        return authenticator;
    }

    byte[] octets() {
        return octets;
    }

    int transmissions() {
        return transmissions;
    }

    long firstSentAt() {
        return firstSentAt;
    }

    long nextAt() {
        return nextAt;
    }

    boolean hasTried(int index) {
        return tried.get(index);
    }

    boolean isOver() {
        return over;
    }

    void goTo(int index, int newSlot) {
        server = index;
        slot = newSlot;
        tried.set(index);
        transmissions = 0;
    }

    void leave() {
        server = NOWHERE;
    }

    void carry(Octets requestAuthenticator, byte[] packet) {
        authenticator = requestAuthenticator;
        octets = packet;
    }

    void sent(long nanos, long next) {
        if (transmissions++ == 0) {
            firstSentAt = nanos;
        }
        nextAt = next;
    }

    void end() {
        over = true;
        octets = new byte[0];
    }
}
