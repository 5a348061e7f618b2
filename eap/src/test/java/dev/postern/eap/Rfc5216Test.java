package dev.postern.eap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.eap.MethodStep.Proven;
import dev.postern.eap.MethodStep.Refused;
import dev.postern.eap.MethodStep.Send;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// EAP-TLS around a handshake that a test makes up: when an end is proven, and when not (RFC 5216,
/// RFC 9190). T-EAP-5, T-EAP-6.
class Rfc5216Test {
    private static final Octets ACKNOWLEDGEMENT = TlsFragments.ACKNOWLEDGEMENT;
    private static final Octets TLS_DATA = Octets.ofHex("00160303");

    private static TlsServer server(TlsByHand engine) {
        TlsServer server = new TlsServer(engine, 1000);
        assertThat(server.begin("alice@example.org"))
                .isEqualTo(new Send(TlsFragments.START_REQUEST));
        return server;
    }

    private static TlsPeer peer(TlsByHand engine) {
        TlsPeer peer = new TlsPeer("alice@example.org", engine, 1000);
        assertThat(peer.onRequest(TlsFragments.START_REQUEST)).isInstanceOf(Send.class);
        return peer;
    }

    @Test
    void aPeerWithTls12IsProvenOnceItHasAcknowledgedTheServersFinished() {
        TlsByHand engine = new TlsByHand(false);
        TlsServer server = server(engine);
        server.onResponse(TLS_DATA);
        assertThat(server.onResponse(TLS_DATA)).isInstanceOf(Send.class);

        assertThat(server.onResponse(ACKNOWLEDGEMENT))
                .isInstanceOfSatisfying(
                        Proven.class,
                        proven -> {
                            assertThat(proven.identity()).isEqualTo("alice@example.org");
                            assertThat(proven.msk().length()).isEqualTo(64);
                        });
        assertThat(engine.exported).isEqualTo("client EAP encryption null 128");
        assertThat(engine.closed).isTrue();
    }

    @Test
    void withTls13TheServerCommitsBeforeItSucceeds() {
        TlsByHand engine = new TlsByHand(true);
        TlsServer server = server(engine);
        server.onResponse(TLS_DATA);
        Send last = (Send) server.onResponse(TLS_DATA);

        assertThat(new String(last.data().array(), StandardCharsets.US_ASCII))
                .endsWith("recordscommitment");
        assertThat(engine.toProtect).isEqualTo(Octets.ofHex("00"));
        assertThat(server.onResponse(ACKNOWLEDGEMENT)).isInstanceOf(Proven.class);
        assertThat(engine.exported).isEqualTo("EXPORTER_EAP_TLS_Key_Material [13] 128");
    }

    @Test
    void aPeerThatAcknowledgesInsteadOfAHandshakeIsRefused() {
        TlsServer server = server(new TlsByHand(true));
        assertThat(server.onResponse(ACKNOWLEDGEMENT)).isInstanceOf(Refused.class);
        TlsServer midway = server(new TlsByHand(true));
        midway.onResponse(TLS_DATA);
        assertThat(midway.onResponse(ACKNOWLEDGEMENT)).isInstanceOf(Refused.class);
    }

    @Test
    void anAlertGoesOutAndThenNothingProvesThePeer() {
        TlsByHand engine = new TlsByHand(true);
        engine.failure = "unknown authority";
        TlsServer server = server(engine);
        assertThat(server.onResponse(TLS_DATA)).as("the alert").isInstanceOf(Send.class);
        assertThat(server.onResponse(ACKNOWLEDGEMENT)).isEqualTo(new Refused("unknown authority"));
    }

    @Test
    void aFailureWithoutAnAlertEndsAtOnce() {
        TlsByHand engine = new TlsByHand(true);
        engine.failure = "no TLS at all";
        engine.output = new byte[0];
        assertThat(server(engine).onResponse(TLS_DATA)).isEqualTo(new Refused("no TLS at all"));
    }

    @Test
    void aPeerWithoutANameIsRefused() {
        TlsByHand engine = new TlsByHand(false);
        engine.names = List.of();
        TlsServer server = server(engine);
        server.onResponse(TLS_DATA);
        server.onResponse(TLS_DATA);
        assertThat(server.onResponse(ACKNOWLEDGEMENT)).isInstanceOf(Refused.class);
    }

    @Test
    void aClaimedNameThatTheCertificateDoesNotHoldGivesWayToTheCertificates() {
        TlsByHand engine = new TlsByHand(false);
        TlsServer server = new TlsServer(engine, 1000);
        server.begin("root@example.org");
        server.onResponse(TLS_DATA);
        server.onResponse(TLS_DATA);
        assertThat(((Proven) server.onResponse(ACKNOWLEDGEMENT)).identity())
                .isEqualTo("alice@example.org");
    }

    @Test
    void applicationDataOfAPeerAreRefused() {
        TlsByHand engine = new TlsByHand(true);
        engine.application = new byte[] {0};
        TlsServer server = server(engine);
        assertThat(server.onResponse(TLS_DATA)).isInstanceOf(Refused.class);
    }

    @Test
    void aServerWithTls13IsNotProvenBeforeItCommits() {
        TlsByHand engine = new TlsByHand(true);
        TlsPeer peer = peer(engine);
        peer.onRequest(TLS_DATA);
        assertThat(peer.proven()).as("finished, not committed").isNull();
        engine.application = new byte[] {0};
        peer.onRequest(TLS_DATA);

        assertThat(peer.proven()).isNotNull();
    }

    /// RFC 9190 section 2.5: the indication is one octet, 0x00.
    @ParameterizedTest
    @ValueSource(strings = {"01", "ff", "0000", "0001", "0100"})
    void otherApplicationDataAreNoCommitment(String application) {
        TlsByHand engine = new TlsByHand(true);
        TlsPeer peer = peer(engine);
        peer.onRequest(TLS_DATA);
        engine.application = Octets.ofHex(application).array();
        assertThat(peer.onRequest(TLS_DATA)).isInstanceOf(Refused.class);
        assertThat(peer.proven()).isNull();
    }

    /// RFC 9190 section 2.5: behind it comes no other EAP-Request.
    @Test
    void aServerThatHasCommittedAndGoesOnIsNotProven() {
        TlsByHand engine = new TlsByHand(true);
        TlsPeer peer = peer(engine);
        peer.onRequest(TLS_DATA);
        engine.application = new byte[] {0};
        peer.onRequest(TLS_DATA);

        assertThat(peer.onRequest(TLS_DATA)).isInstanceOf(Refused.class);
        assertThat(peer.proven()).isNull();
    }

    @Test
    void commitmentWithinTheHandshakeIsRefused() {
        TlsByHand engine = new TlsByHand(true);
        engine.flightsUntilFinished = 9;
        TlsPeer peer = peer(engine);
        engine.application = new byte[] {0};
        assertThat(peer.onRequest(TLS_DATA)).isInstanceOf(Refused.class);
    }

    @Test
    void aServerWhoseTlsFailedIsNotProven() {
        TlsByHand engine = new TlsByHand(false);
        TlsPeer peer = peer(engine);
        engine.failure = "the server's certificate is of another";
        assertThat(peer.onRequest(TLS_DATA)).as("the alert").isInstanceOf(Send.class);
        assertThat(peer.proven()).isNull();
        assertThat(peer.refusal()).isEqualTo("the server's certificate is of another");
    }

    @Test
    void dataBeforeTheStartAndASecondStartAreRefused() {
        TlsPeer early = new TlsPeer("alice", new TlsByHand(true), 1000);
        assertThat(early.onRequest(TLS_DATA)).isInstanceOf(Refused.class);
        TlsPeer twice = peer(new TlsByHand(true));
        assertThat(twice.onRequest(TlsFragments.START_REQUEST)).isInstanceOf(Refused.class);
    }

    @Test
    void aConnectionWithoutKeysProvesNobody() {
        TlsByHand engine = new TlsByHand(false);
        engine.exports = false;
        TlsServer server = server(engine);
        server.onResponse(TLS_DATA);
        server.onResponse(TLS_DATA);
        assertThat(server.onResponse(ACKNOWLEDGEMENT)).isEqualTo(new Refused(TlsKeys.NO_KEY));
        TlsByHand other = new TlsByHand(false);
        other.exports = false;
        TlsPeer peer = peer(other);
        peer.onRequest(TLS_DATA);
        assertThat(peer.proven()).isNull();
        assertThat(peer.refusal()).isEqualTo(TlsKeys.NO_KEY);
    }
}
