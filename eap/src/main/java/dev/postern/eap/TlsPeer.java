package dev.postern.eap;

import dev.postern.crypto.SecretBytes;
import dev.postern.eap.MethodStep.Proven;
import dev.postern.eap.MethodStep.Refused;
import dev.postern.eap.MethodStep.Send;
import dev.postern.wire.EapPacket;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// EAP-TLS at the peer, RFC 5216 with TLS 1.2 and RFC 9190 with TLS 1.3. With TLS 1.3 the server is
/// proven only once its protected success indication has come.
public final class TlsPeer implements PeerMethod {
    private static final byte[] NOTHING = new byte[0];

    private final String identity;
    private final TlsEngine engine;
    private final TlsFragments fragments;
    private boolean begun;
    private boolean finished;
    private boolean proven;
    private boolean ended;
    private @Nullable String refusal;

    /// @param identity our own name
    /// @param engine of this method's own
    public TlsPeer(String identity, TlsEngine engine, int fragmentLength) {
        this.identity = identity;
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
    public MethodStep onRequest(Octets data) {
        if (ended) {
            return refuse("EAP-TLS has ended");
        }
        return switch (fragments.arrive(data)) {
            case TlsFragments.Arrival.Malformed malformed -> refuse(malformed.reason());
            case TlsFragments.Arrival.Start _ ->
                    begun ? refuse("the server began EAP-TLS twice") : advance(NOTHING);
            case TlsFragments.Arrival.Fragment _ -> new Send(TlsFragments.ACKNOWLEDGEMENT);
            case TlsFragments.Arrival.Acknowledgement _ ->
                    fragments.isSending()
                            ? new Send(fragments.next())
                            : refuse("the server sent nothing where TLS data were due");
            case TlsFragments.Arrival.Whole(byte[] message) ->
                    !begun || fragments.isSending() || proven || refusal != null
                            ? refuse("the server sent TLS data out of turn")
                            : advance(message);
        };
    }

    private MethodStep advance(byte[] message) {
        begun = true;
        TlsEngine.Progress progress = engine.advance(message);
        if (progress.failure() != null) {
            // RFC 5216 section 2.1.3: our alert goes out, the server's is acknowledged; then it
            // says
            // Failure.
            refusal = progress.failure();
            return send(progress.output());
        }
        finished |= progress.finished();
        if (finished && !engine.isTls13()) {
            proven = true;
        } else if (progress.application().length != 0) {
            if (!finished || !Arrays.equals(progress.application(), TlsServer.COMMITMENT)) {
                return refuse("the server sent application data that EAP-TLS does not know");
            }
            proven = true;
        }
        return send(progress.output());
    }

    private Send send(byte[] output) {
        return new Send(output.length == 0 ? TlsFragments.ACKNOWLEDGEMENT : fragments.send(output));
    }

    @Override
    public @Nullable Proven proven() {
        if (!proven || ended || fragments.isSending() || refusal != null) {
            return null;
        }
        SecretBytes msk = TlsKeys.masterSessionKey(engine);
        if (msk == null) {
            refusal = TlsKeys.NO_KEY;
            return null;
        }
        return new Proven(msk, identity, null);
    }

    @Override
    public @Nullable String refusal() {
        return refusal;
    }

    private Refused refuse(String reason) {
        close();
        return new Refused(reason);
    }

    @Override
    public void close() {
        ended = true;
        engine.close();
    }
}
