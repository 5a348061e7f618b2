package dev.postern.gateway.eap;

import dev.postern.crypto.Hash;
import dev.postern.crypto.SecretBytes;
import dev.postern.eap.CertificateProof;
import dev.postern.eap.TlsEngine;
import dev.postern.ike.PeerGroup;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLKeyException;
import javax.net.ssl.SSLPeerUnverifiedException;

/// EAP-TLS's view of the platform's TLS. Single-threaded; its tasks run where it is called.
final class PlatformTlsEngine implements TlsEngine {
    private final SSLEngine engine;
    private final ChainJudge judge;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ByteArrayOutputStream application = new ByteArrayOutputStream();
    private ByteBuffer input = ByteBuffer.allocate(0);
    private boolean begun;
    private boolean finished;

    /// @param judge of the other end's chain once it has proven to hold its key
    PlatformTlsEngine(SSLEngine engine, ChainJudge judge) {
        this.judge = judge;
        this.engine = engine;
    }

    @Override
    public Progress advance(byte[] records) {
        input =
                ByteBuffer.allocate(input.remaining() + records.length)
                        .put(input)
                        .put(records)
                        .flip();
        boolean begins = !finished;
        try {
            if (!begun) {
                begun = true;
                engine.beginHandshake();
            }
            while (step()) {
                // Until the engine wants what only the other end can send.
            }
            String fault = begins && finished ? judge.faultOf(peerChain()) : null;
            if (fault != null) {
                // What would tell the other end that it is let in.
                output.reset();
            }
            return progress(fault);
        } catch (SSLException e) {
            wrapAlert();
            return progress("TLS failed: " + e.getMessage());
        }
    }

    private Progress progress(@Nullable String failure) {
        Progress progress =
                new Progress(output.toByteArray(), finished, application.toByteArray(), failure);
        output.reset();
        application.reset();
        return progress;
    }

    /// One step; false where there is none to take.
    private boolean step() throws SSLException {
        return switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> {
                for (Runnable task = engine.getDelegatedTask();
                        task != null;
                        task = engine.getDelegatedTask()) {
                    task.run();
                }
                yield true;
            }
            case NEED_WRAP -> wrap(ByteBuffer.allocate(0));
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN, FINISHED, NOT_HANDSHAKING -> unwrap();
        };
    }

    private boolean wrap(ByteBuffer plaintext) throws SSLException {
        ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        SSLEngineResult result = engine.wrap(plaintext, record);
        output.write(record.array(), 0, record.position());
        noteEnd(result);
        return result.getStatus() == Status.OK;
    }

    private boolean unwrap() throws SSLException {
        if (!input.hasRemaining()) {
            return false;
        }
        ByteBuffer plaintext = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        SSLEngineResult result = engine.unwrap(input, plaintext);
        application.write(plaintext.array(), 0, plaintext.position());
        noteEnd(result);
        if (result.getStatus() == Status.CLOSED) {
            throw new SSLException("the other end closed the connection");
        }
        return result.getStatus() == Status.OK;
    }

    private void noteEnd(SSLEngineResult result) {
        finished |= result.getHandshakeStatus() == HandshakeStatus.FINISHED;
    }

    /// The other end learns why, where TLS has words for it.
    private void wrapAlert() {
        try {
            if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                wrap(ByteBuffer.allocate(0));
            }
        } catch (SSLException e) {
            // The engine repeats what has failed already; there is nothing more to say.
            output.reset();
        }
    }

    @Override
    public byte[] protect(byte[] plaintext) {
        try {
            wrap(ByteBuffer.wrap(plaintext));
        } catch (SSLException e) {
            throw new IllegalStateException("an established TLS connection does not seal", e);
        }
        byte[] records = output.toByteArray();
        output.reset();
        return records;
    }

    @Override
    public boolean isTls13() {
        return engine.getSession().getProtocol().equals("TLSv1.3");
    }

    @Override
    public @Nullable SecretBytes export(String label, byte @Nullable [] context, int length) {
        if (!(engine.getSession() instanceof ExtendedSSLSession session)) {
            throw new IllegalStateException("this platform's TLS exports no keys");
        }
        try {
            return SecretBytes.owning(session.exportKeyingMaterialData(label, context, length));
        } catch (SSLKeyException noExtendedMasterSecret) {
            return null;
        }
    }

    @Override
    public List<String> peerNames() {
        List<X509Certificate> chain = peerChain();
        return chain.isEmpty() ? List.of() : CertificateNames.of(chain.getFirst());
    }

    @Override
    public @Nullable CertificateProof peerCertificate() {
        List<X509Certificate> chain = peerChain();
        if (chain.isEmpty()) {
            return null;
        }
        long notAfter = Long.MAX_VALUE;
        for (X509Certificate each : chain) {
            notAfter = Math.min(notAfter, each.getNotAfter().toInstant().getEpochSecond());
        }
        try {
            byte[] encoded = chain.getFirst().getEncoded();
            return new CertificateProof(
                    Octets.of(Hash.SHA_256.digest(encoded)), notAfter, PeerGroup.marksOf(chain));
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was verified has no encoding", e);
        }
    }

    private List<X509Certificate> peerChain() {
        try {
            Certificate[] chain = engine.getSession().getPeerCertificates();
            return Arrays.stream(chain)
                    .filter(X509Certificate.class::isInstance)
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }

    @Override
    public void close() {
        engine.getSession().invalidate();
        engine.closeOutbound();
    }
}
