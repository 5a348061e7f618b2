package dev.postern.ike.sa;

import dev.postern.wire.MessageId;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;

/// The peer's requests, window size 1 (RFC 7296 sections 2.2 and 2.3): which Message ID is due, and
/// the response to the last one, kept octet by octet for retransmission.
public final class ResponseWindow {
    private int expectedId;
    private boolean exhausted;
    private int lastRequestHash;
    private @Nullable List<byte[]> lastResponse;
    private byte @Nullable [] name;

    public ResponseWindow(int firstExpectedId) {
        this.expectedId = firstExpectedId;
    }

    /// The next request that is due.
    public int expectedId() {
        return expectedId;
    }

    /// Expects this Message ID from now on; what was answered is not answered again.
    public void continueFrom(int messageId) {
        expectedId = messageId;
        lastResponse = null;
        name = null;
    }

    /// The window of another member, with the answer that it gave last.
    public static ResponseWindow restore(int expectedId, int requestHash, List<Octets> response) {
        ResponseWindow window = new ResponseWindow(expectedId);
        if (!response.isEmpty()) {
            window.lastRequestHash = requestHash;
            window.lastResponse = response.stream().map(Octets::array).toList();
        }
        return window;
    }

    /// Names the request that was answered last.
    public int lastRequestHash() {
        return lastRequestHash;
    }

    /// The answer to it; empty where there was none.
    public List<Octets> lastDatagrams() {
        return lastResponse == null ? List.of() : lastResponse.stream().map(Octets::of).toList();
    }

    /// What to do with a request, before anything in it is believed.
    public enum Place {
        /// It is due: open it.
        DUE,
        /// It was answered: send the same octets again.
        ANSWERED,
        /// Too old, too new, or it claims an answered Message ID with other octets.
        OUTSIDE
    }

    public Place place(int messageId, byte[] request) {
        if (messageId == expectedId && !exhausted) {
            return Place.DUE;
        }
        // The hash keeps strangers from triggering answers with made-up octets; a replay of the
        // true ones is harmless.
        return messageId == expectedId - 1
                        && lastResponse != null
                        && lastRequestHash == Arrays.hashCode(request)
                ? Place.ANSWERED
                : Place.OUTSIDE;
    }

    /// The response to the last request; only after [Place#ANSWERED].
    public List<byte[]> lastResponse() {
        if (lastResponse == null) {
            throw new IllegalStateException("no request was answered yet");
        }
        return lastResponse;
    }

    /// The due request came in fragments, and this one, the first, stands for it: where it comes
    /// again the response does too, and no other fragment triggers one (RFC 7383 section 2.6.1).
    public void isNamedBy(byte[] firstFragment) {
        name = firstFragment;
    }

    /// The due request was answered with these datagrams.
    public void answered(byte[] request, List<byte[]> response) {
        lastRequestHash = Arrays.hashCode(name == null ? request : name);
        name = null;
        lastResponse = response;
        // No carry runs out of the 28 bits into the switch count: whoever comes so far without
        // having rekeyed is not answered any more.
        exhausted = MessageId.sequence(expectedId) == MessageId.MAXIMUM_SEQUENCE;
        expectedId++;
    }
}
