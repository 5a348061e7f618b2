package dev.postern.eap;

import dev.postern.crypto.SecretBytes;
import dev.postern.eap.MethodStep.Proven;
import dev.postern.eap.MethodStep.Refused;
import dev.postern.eap.MethodStep.Send;
import dev.postern.wire.EapPacket;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;

/// EAP-TLS at the server, RFC 5216 with TLS 1.2 and RFC 9190 with TLS 1.3. The peer proves itself
/// by a certificate that the engine trusts; who it is comes from that certificate alone.
public final class TlsServer implements ServerMethod {
    /// RFC 9190 section 2.5: one octet of application data says that no more TLS follows.
    static final byte[] COMMITMENT = {0};

    private final TlsEngine engine;
    private final TlsFragments fragments;
    private Phase phase = Phase.NEW;
    private String claimed = "";
    private String failure = "";

    private enum Phase {
        NEW,
        HANDSHAKE,
        /// Our last message is out; an empty packet acknowledges it.
        COMMITTED,
        /// An alert of ours is out.
        FAILED,
        ENDED
    }

    /// @param engine of this method's own
    public TlsServer(TlsEngine engine, int fragmentLength) {
        this.engine = engine;
        this.fragments = new TlsFragments(fragmentLength);
    }

    @Override
    public int type() {
        return EapPacket.TLS;
    }

    @Override
    public boolean isMutual() {
        return true;
    }

    @Override
    public MethodStep begin(String claimedIdentity) {
        claimed = claimedIdentity;
        phase = Phase.HANDSHAKE;
        return new Send(TlsFragments.START_REQUEST);
    }

    @Override
    public MethodStep onResponse(Octets data) {
        return switch (fragments.arrive(data)) {
            case TlsFragments.Arrival.Malformed malformed -> refuse(malformed.reason());
            case TlsFragments.Arrival.Start _ -> refuse("the peer sent an EAP-TLS start");
            case TlsFragments.Arrival.Fragment _ -> new Send(TlsFragments.ACKNOWLEDGEMENT);
            case TlsFragments.Arrival.Acknowledgement _ -> onAcknowledgement();
            case TlsFragments.Arrival.Whole(byte[] message) -> onMessage(message);
        };
    }

    private MethodStep onAcknowledgement() {
        if (fragments.isSending()) {
            return new Send(fragments.next());
        }
        return switch (phase) {
            case COMMITTED -> succeed();
            case FAILED -> refuse(failure);
            case NEW, HANDSHAKE, ENDED -> refuse("the peer sent nothing where TLS data were due");
        };
    }

    private MethodStep onMessage(byte[] message) {
        if (fragments.isSending() || phase == Phase.NEW || phase == Phase.ENDED) {
            return refuse("the peer sent TLS data out of turn");
        }
        if (phase == Phase.FAILED) {
            return refuse(failure);
        }
        TlsEngine.Progress progress = engine.advance(message);
        if (progress.failure() != null) {
            failure = progress.failure();
            phase = Phase.FAILED;
            return progress.output().length == 0
                    ? refuse(failure)
                    : new Send(fragments.send(progress.output()));
        }
        if (phase == Phase.COMMITTED || progress.application().length != 0) {
            return refuse("the peer sent more than the TLS handshake");
        }
        byte[] output = progress.output();
        if (progress.finished()) {
            phase = Phase.COMMITTED;
            if (engine.isTls13()) {
                output = join(output, engine.protect(COMMITMENT));
            }
            return output.length == 0 ? succeed() : new Send(fragments.send(output));
        }
        return output.length == 0
                ? refuse("the peer's TLS message is incomplete")
                : new Send(fragments.send(output));
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    private MethodStep succeed() {
        List<String> names = engine.peerNames();
        if (names.isEmpty()) {
            return refuse("the peer's certificate names nobody");
        }
        SecretBytes msk = TlsKeys.masterSessionKey(engine);
        if (msk == null) {
            return refuse(TlsKeys.NO_KEY);
        }
        Proven proven = new Proven(msk, nameOf(names), engine.peerCertificate());
        close();
        return proven;
    }

    /// The name that the peer claimed where its certificate holds it, else the certificate's first.
    private String nameOf(List<String> names) {
        @Nullable String match = null;
        for (String name : names) {
            if (match == null && name.equalsIgnoreCase(claimed)) {
                match = name;
            }
        }
        return match == null ? names.getFirst() : match;
    }

    private Refused refuse(String reason) {
        close();
        return new Refused(reason);
    }

    @Override
    public void close() {
        phase = Phase.ENDED;
        engine.close();
    }
}
