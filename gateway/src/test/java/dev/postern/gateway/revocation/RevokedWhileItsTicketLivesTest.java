package dev.postern.gateway.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.EncryptionAlgorithm;
import dev.postern.crypto.Entropy;
import dev.postern.crypto.IntegrityAlgorithm;
import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.KeyExchangeMethod;
import dev.postern.crypto.Prf;
import dev.postern.gateway.configuration.Log;
import dev.postern.gateway.daemon.EventLog;
import dev.postern.gateway.daemon.GatewayDaemon;
import dev.postern.gateway.daemon.LoopbackGateway;
import dev.postern.ike.CertificatePolicy;
import dev.postern.ike.Counter;
import dev.postern.ike.Effect;
import dev.postern.ike.EndpointConfiguration;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.pki.Credentials;
import dev.postern.pki.TrustAnchors;
import dev.postern.pki.issue.Extension;
import dev.postern.wire.Identity;
import dev.postern.wire.TrafficSelector;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A real gateway on loopback reads a revocation list anew, which names the certificate of a client
/// that holds a ticket: neither the ticket nor the certificate brings it in again.
class RevokedWhileItsTicketLivesTest {
    private static final long PATIENCE_NANOS = Duration.ofMinutes(2).toNanos();

    /// For the list to be read.
    private static final long UNTIL_READ_NANOS = Duration.ofMinutes(1).toNanos();

    /// More than half a minute, and no request twice while the gateway is merely slow: each counts.
    private static final RetransmissionSchedule PATIENT =
            new RetransmissionSchedule(2 * Now.NANOS_PER_SECOND, 1.2, 8);

    private static final Identity CLIENT = Identity.fqdn("client.example");
    private static final Identity GATEWAY = Identity.fqdn("gw.example");
    private static final Entropy ENTROPY = new SecureRandom()::nextBytes;

    @TempDir private Path directory = Path.of("");

    @Test
    void aListThatIsReplacedOnTheDiskEndsTheTicket() throws Exception {
        IssuingAuthority authority = new IssuingAuthority(directory, "authority");
        authority.issue("gateway", Extension.names(List.of(GATEWAY), false));
        X509Certificate certificate =
                authority.issue("client", Extension.names(List.of(CLIENT), false));
        put("list.crl", authority.list(1, Duration.ofDays(1)));
        try (GatewayDaemon gateway = gateway(authority);
                Client client = new Client(authority, gateway.addresses().getFirst())) {
            ResumableSession ticket = client.connect().orElseThrow();
            assertThat(client.resume(ticket)).as("while nothing is known of it").isTrue();
            ResumableSession next = client.connect().orElseThrow();

            put("list.crl", authority.list(2, Duration.ofDays(1), certificate));
            long end = System.nanoTime() + UNTIL_READ_NANOS;
            do {
                client.connect();
            } while (!client.wasDenied() && System.nanoTime() < end);

            assertThat(client.lastReason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
            long before = revoked(gateway);
            assertThat(client.resume(next)).isFalse();
            assertThat(client.lastReason()).isEqualTo(CloseReason.TICKET_REFUSED);
            assertThat(revoked(gateway)).isEqualTo(before + 1);
        }
    }

    private static long revoked(GatewayDaemon gateway) {
        return gateway.endpoint().counters().get(Counter.REFUSED_CERTIFICATE_REVOKED);
    }

    private void put(String name, byte[] octets) throws IOException {
        Path fresh = Files.write(directory.resolve(name + ".new"), octets);
        Files.move(fresh, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private GatewayDaemon gateway(IssuingAuthority authority) throws Exception {
        LoopbackGateway.own(Path.of(authority.file("gateway.key")));
        return LoopbackGateway.in(directory)
                .start(
                        """
                        ike-suites = ["aes128gcm16-prfsha256-x25519"]
                        esp-suites = ["aes128gcm16"]
                        [profile.clients.certificates]
                        certificate = "%s"
                        private-key = "%s"
                        trust = "%s"
                        crl = "list.crl"
                        revocation = "strict"
                        """
                                .formatted(
                                        authority.file("gateway.pem"),
                                        authority.file("gateway.key"),
                                        authority.file("ca.pem")),
                        EventLog.toStandardOutput(new Log(Log.Level.WARN, Log.Format.TEXT, null)));
    }

    /// A client led by the hand, over a socket of its own; one IKE SA at a time.
    private static final class Client implements AutoCloseable {
        private final DatagramSocket socket =
                new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
        private final dev.postern.ike.Path path;
        private final InitiatorProfile profile;
        private final IkeEndpoint endpoint =
                new IkeEndpoint(
                        EndpointConfiguration.builder(CLIENT, "example", new IvPrefix(0, 0))
                                .build(),
                        ENTROPY);
        private long handle;
        private boolean settled;
        private boolean established;
        private Optional<ResumableSession> ticket = Optional.empty();
        private Optional<CloseReason> reason = Optional.empty();

        Client(IssuingAuthority authority, InetSocketAddress gateway) throws Exception {
            path =
                    new dev.postern.ike.Path(
                            (InetSocketAddress) socket.getLocalSocketAddress(), gateway, true);
            Credentials own =
                    Credentials.of(
                            Files.readAllBytes(Path.of(authority.file("client.pem"))),
                            Files.readAllBytes(Path.of(authority.file("client.key"))),
                            null,
                            ENTROPY);
            profile =
                    InitiatorProfile.builder("test", CLIENT)
                            .namedGateway(GATEWAY)
                            .acceptedGateways(List.of(GATEWAY))
                            .secureDomain("example")
                            .certificates(
                                    new CertificatePolicy(
                                            own,
                                            new TrustAnchors(List.of(authority.certificate())),
                                            List.of(),
                                            CertificatePolicy.Revocation.OFF))
                            .ikeSuites(
                                    List.of(
                                            new IkeSuite(
                                                    EncryptionAlgorithm.AES_GCM_16_128,
                                                    IntegrityAlgorithm.NONE,
                                                    Prf.HMAC_SHA2_256,
                                                    KeyExchangeMethod.X25519)))
                            .espSuites(
                                    List.of(
                                            new EspSuite(
                                                    EncryptionAlgorithm.AES_GCM_16_128, false)))
                            .exchangeSchedule(PATIENT)
                            .resumeSchedule(PATIENT)
                            .requestAddresses(true)
                            .remoteSelectors(
                                    List.of(
                                            TrafficSelector.subnet(
                                                    InetAddress.ofLiteral("10.1.0.0"), 24)))
                            .resumption(
                                    new ResumptionPolicy(
                                            true,
                                            false,
                                            0,
                                            ResumptionPolicy.KeyExchangeInResume.NEVER,
                                            ResumptionPolicy.Rfc5723Auth.RFC))
                            .build();
        }

        /// A full exchange; the ticket of it, or none where it is refused.
        Optional<ResumableSession> connect() throws IOException {
            run(new Input.Initiate(++handle, profile, path));
            return ticket;
        }

        boolean resume(ResumableSession session) throws IOException {
            run(new Input.Resume(++handle, profile, path, session));
            return established;
        }

        boolean wasDenied() {
            return reason.equals(Optional.of(CloseReason.AUTHENTICATION_FAILED));
        }

        CloseReason lastReason() {
            return reason.orElseThrow();
        }

        /// Until the ticket is there, or the IKE SA has ended.
        private void run(Input first) throws IOException {
            settled = false;
            established = false;
            ticket = Optional.empty();
            reason = Optional.empty();
            carryOut(endpoint.handle(now(), first));
            long end = System.nanoTime() + PATIENCE_NANOS;
            while (!settled && System.nanoTime() < end) {
                receive();
                if (endpoint.nextDeadline() <= System.nanoTime()) {
                    carryOut(endpoint.handle(now(), new Input.DeadlineReached()));
                }
            }
            assertThat(settled).as("the exchange has come to an end").isTrue();
            carryOut(endpoint.handle(now(), new Input.Close(handle, true)));
        }

        private void receive() throws IOException {
            byte[] buffer = new byte[65_536];
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            socket.setSoTimeout(20);
            try {
                socket.receive(packet);
            } catch (SocketTimeoutException nothing) {
                return;
            }
            byte[] octets = new byte[packet.getLength() - Integer.BYTES];
            System.arraycopy(buffer, Integer.BYTES, octets, 0, octets.length);
            carryOut(endpoint.handle(now(), new Input.Datagram(path, octets)));
        }

        private void carryOut(List<Effect> effects) throws IOException {
            for (Effect effect : effects) {
                if (effect instanceof Effect.Send send) {
                    byte[] marked =
                            ByteBuffer.allocate(Integer.BYTES + send.octets().length)
                                    .putInt(0)
                                    .put(send.octets())
                                    .array();
                    socket.send(new DatagramPacket(marked, marked.length, path.remote()));
                } else if (effect instanceof Effect.InstallChildSa install) {
                    install.installation().inboundKey().close();
                    install.installation().outboundKey().close();
                } else if (effect instanceof Effect.Emit(Event event)) {
                    on(event);
                }
            }
        }

        private void on(Event event) {
            if (event instanceof Event.IkeSaEstablished) {
                established = true;
            } else if (event instanceof Event.TicketReceived received) {
                ticket = Optional.of(received.session());
                settled = true;
            } else if (event instanceof Event.IkeSaClosed closed && !settled) {
                reason = Optional.of(closed.reason());
                settled = true;
            }
        }

        private static Now now() {
            return new Now(System.nanoTime(), System.currentTimeMillis() / 1000);
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
