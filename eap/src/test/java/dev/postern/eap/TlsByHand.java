package dev.postern.eap;

import dev.postern.crypto.SecretBytes;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// An end of a connection that looks like TLS to EAP-TLS: it says what a test wants and takes
/// anything.
final class TlsByHand implements TlsEngine {
    static final byte[] COMMITMENT_RECORD = "commitment".getBytes(StandardCharsets.US_ASCII);

    private final boolean tls13;
    byte[] output = "records".getBytes(StandardCharsets.US_ASCII);
    int flightsUntilFinished = 2;
    @Nullable String failure;
    byte[] application = new byte[0];
    List<String> names = List.of("alice@example.org", "CN=alice");
    boolean exports = true;
    boolean closed;
    String exported = "";
    Octets toProtect = Octets.EMPTY;

    TlsByHand(boolean tls13) {
        this.tls13 = tls13;
    }

    @Override
    public Progress advance(byte[] records) {
        flightsUntilFinished--;
        return new Progress(output, flightsUntilFinished <= 0, application, failure);
    }

    @Override
    public byte[] protect(byte[] data) {
        toProtect = Octets.of(data);
        return COMMITMENT_RECORD;
    }

    @Override
    public boolean isTls13() {
        return tls13;
    }

    @Override
    public @Nullable SecretBytes export(String label, byte @Nullable [] context, int length) {
        exported = label + " " + Arrays.toString(context) + " " + length;
        return exports ? SecretBytes.owning(new byte[length]) : null;
    }

    @Override
    public List<String> peerNames() {
        return names;
    }

    @Override
    public CertificateProof peerCertificate() {
        return new CertificateProof(Octets.ofHex("fe"), 1_800_000_000L, List.of());
    }

    @Override
    public void close() {
        closed = true;
    }
}
