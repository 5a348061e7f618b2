package dev.postern.grid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.grid.TestAuthority.Issued;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/// Whose certificate makes a member (draft-dondeti-ipsec-failover-sol-00 section 6.1).
final class MemberTlsTest {
    private static final Set<String> NODES = Set.of("gw-a", "gw-b");
    private static final int PATIENCE_MILLIS = 60_000;

    private final TestAuthority authority = new TestAuthority("cluster authority");

    private @Nullable String refusal(Issued one) {
        return refusal(one, authority);
    }

    private static @Nullable String refusal(Issued one, TestAuthority trusted) {
        return refusal(one, List.of(trusted));
    }

    private static @Nullable String refusal(Issued one, List<TestAuthority> trusted) {
        return MemberTls.refusal(
                List.of(one.certificate()),
                one.key(),
                trusted.stream().map(TestAuthority::certificate).toList(),
                NODES);
    }

    @Test
    void whyAMemberWouldBeRefusedIsSaidInWords() {
        assertThat(refusal(authority.issued("gw-b", -1, 30))).isNull();
        assertThat(refusal(authority.issued("GW-B", -1, 30))).as("names have no case").isNull();
        assertThat(refusal(authority.issued("gw-b", -30, -1))).startsWith("it has expired (");
        assertThat(refusal(authority.issued("gw-b", 1, 30))).startsWith("it is not good yet (");
        assertThat(refusal(authority.issued("gw-x", -1, 30)))
                .contains("names gw-x; members are gw-a, gw-b");
        assertThat(refusal(authority.issued("gw-b", -1, 30), new TestAuthority("another")))
                .isEqualTo("no authority of cluster.trust vouches for it");
        Issued own = authority.issued("gw-b", -1, 30);
        Issued other = authority.issued("gw-b", -1, 30);
        assertThat(refusal(new Issued(own.certificate(), other.key())))
                .isEqualTo("the private key is not that of the certificate");
    }

    /// RFC 5280 section 6.2: how long an anchor is trusted is for whoever trusts it to say.
    @Test
    void anAuthorityVouchesWhileItsOwnCertificateIsValid() throws Exception {
        TestAuthority ended = new TestAuthority("ended", -30, -1);
        TestAuthority begins = new TestAuthority("begins", 1, 30);
        for (TestAuthority untimely : List.of(ended, begins)) {
            assertThat(refusal(untimely.issued("gw-b", -1, 30), untimely))
                    .startsWith("its authority is not valid now: CN=")
                    .contains(untimely.certificate().getNotAfter().toInstant().toString());
            assertThat(refusal(untimely.issued("gw-b", -1, 30), List.of(authority, untimely)))
                    .startsWith("its authority is not valid now: CN=");
            assertThat(refusal(authority.issued("gw-b", -1, 30), List.of(untimely, authority)))
                    .as("the other vouches as ever")
                    .isNull();
        }
        assertThat(refusal(authority.issued("gw-b", -1, 30), List.of(ended, begins)))
                .isEqualTo("no authority of cluster.trust vouches for it");
    }

    /// MembersTest has those who call a member.
    @Test
    void aMemberThatCallsTalksToMembersAlone() throws Exception {
        assertThat(isTalkedTo(authority, "gw-b", -1, 30)).isTrue();
        assertThat(isTalkedTo(authority, "gw-b", -30, -1)).as("expired").isFalse();
        assertThat(isTalkedTo(authority, "gw-x", -1, 30)).as("no member's name").isFalse();
        TestAuthority sameName = new TestAuthority("cluster authority");
        assertThat(isTalkedTo(sameName, "gw-b", -1, 30)).as("another authority").isFalse();
    }

    /// RFC 8446 section 2.2: who carries a session on shows no certificate, and one that has ended
    /// since would go on for a day.
    @Test
    void everyConnectionShowsItsCertificates() throws Exception {
        AtomicInteger shown = new AtomicInteger();
        SSLContext caller = caller(shown);
        try (ServerSocket door =
                authority
                        .member("gw-a", NODES)
                        .getServerSocketFactory()
                        .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> greet(door));
            call(caller, door);
            assertThat(shown).hasValue(1);
            call(caller, door);
            assertThat(shown).as("nothing is carried on").hasValue(2);
        }
    }

    /// A member that carries on every session that it is let.
    private SSLContext caller(AtomicInteger shown) throws Exception {
        Issued own = authority.issued("gw-b", -1, 30);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        X509Certificate[] chain = {own.certificate()};
        keys.setKeyEntry("own", own.key(), new char[0], chain);
        KeyManagerFactory managers =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, new char[0]);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(
                managers.getKeyManagers(), new TrustManager[] {new TrustEverybody(shown)}, null);
        return context;
    }

    private static void greet(ServerSocket door) {
        while (!door.isClosed()) {
            try (SSLSocket accepted = (SSLSocket) door.accept()) {
                accepted.setNeedClientAuth(true);
                accepted.setSoTimeout(PATIENCE_MILLIS);
                accepted.getOutputStream().write(1);
                accepted.getInputStream().read();
            } catch (IOException over) {
                // The caller has left, or the test is over.
            }
        }
    }

    private static void call(SSLContext caller, ServerSocket door) throws IOException {
        try (Socket call =
                caller.getSocketFactory()
                        .createSocket(door.getInetAddress(), door.getLocalPort())) {
            call.setSoTimeout(PATIENCE_MILLIS);
            // What the session may be carried on by has come before it.
            assertThat(call.getInputStream().read()).isEqualTo(1);
        }
    }

    /// Whether a member completes a handshake with somebody who has such a certificate.
    private boolean isTalkedTo(TestAuthority issuer, String name, int fromDay, int untilDay)
            throws Exception {
        Issued own = issuer.issued(name, fromDay, untilDay);
        SSLContext other =
                MemberTls.context(
                        List.of(own.certificate()),
                        own.key(),
                        List.of(authority.certificate()),
                        NODES);
        try (ServerSocket door =
                        other.getServerSocketFactory()
                                .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket call =
                        authority
                                .member("gw-a", NODES)
                                .getSocketFactory()
                                .createSocket(door.getInetAddress(), door.getLocalPort())) {
            call.setSoTimeout(PATIENCE_MILLIS);
            Thread.ofVirtual().start(() -> answer(door));
            ((SSLSocket) call).startHandshake();
            return true;
        } catch (SSLHandshakeException refused) {
            return false;
        }
    }

    private static void answer(ServerSocket door) {
        try (SSLSocket accepted = (SSLSocket) door.accept()) {
            accepted.setNeedClientAuth(true);
            accepted.setSoTimeout(PATIENCE_MILLIS);
            accepted.startHandshake();
            accepted.getInputStream().read();
        } catch (IOException over) {
            // The member that called has said what it thinks of it.
        }
    }
}
