package dev.postern.ike.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Event;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.SeededEntropy;
import dev.postern.ike.world.World;
import dev.postern.ticket.TicketFormat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.util.Arrays;

/// What a client keeps over its own restart.
class KeptSessionTest {
    private static final SecretBytes KEY = SecretBytes.owning(new SeededEntropy(1).octets(32));
    private static final SecretBytes OTHER = SecretBytes.owning(new SeededEntropy(2).octets(32));

    private final World world = new World(11);
    private final SeededEntropy entropy = new SeededEntropy(3);
    private final ClientSettings settings = new ClientSettings();
    private final Node client = world.add(settings);

    private ResumableSession ticket() {
        Node gateway = world.add(new GatewaySettings('a'));
        client.initiate(1, settings.profile(), gateway);
        world.settle();
        return client.lastTicket();
    }

    private static ResumableSession open(byte[] kept) {
        if (KeptSession.open(kept, KEY) instanceof KeptSession.Opened.Valid(var session)) {
            return session;
        }
        throw new AssertionError(KeptSession.open(kept, KEY).toString());
    }

    private static @Nullable String refusal(byte[] kept, SecretBytes key) {
        return KeptSession.open(kept, key) instanceof KeptSession.Opened.Refused(String reason)
                ? reason
                : null;
    }

    @Test
    void aSessionThatWasKeptIsResumedInOneRoundTripByTheClientsNextLife() {
        byte[] kept = KeptSession.seal(ticket(), KEY, entropy);

        ClientSettings nextLife = new ClientSettings();
        Node again = world.add(nextLife);
        Node other = world.add(new GatewaySettings('b'));
        again.resume(1, nextLife.profile(), other, open(kept));
        world.settle();

        assertThat(again.lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_1RTT);
        assertThat(again.lastEstablished().gatewaySwitchCount()).isEqualTo(1);
    }

    @Test
    void nothingIsLostOnTheWay() throws Exception {
        ResumableSession before =
                new ResumableSession(
                        ticket().session(),
                        client.lastTicket().ticket(),
                        1_800_000_000L,
                        true,
                        7,
                        InetAddress.getByName("2001:db8::7"));

        ResumableSession after = open(KeptSession.seal(before, KEY, entropy));

        assertThat(after.ticket()).isEqualTo(before.ticket());
        assertThat(after.validUntil()).isEqualTo(before.validUntil());
        assertThat(after.isReference()).isTrue();
        assertThat(after.lastSwitchCount()).isEqualTo(7);
        assertThat(after.outerAddress()).isEqualTo(before.outerAddress());
        assertThat(TicketFormat.encode(after.session()))
                .isEqualTo(TicketFormat.encode(before.session()));
    }

    @Test
    void whatWasChangedIsRefusedWhereverItWas() {
        byte[] kept = KeptSession.seal(ticket(), KEY, entropy);

        for (int i = 0; i < kept.length; i++) {
            byte[] changed = kept.clone();
            changed[i] ^= 1;
            assertThat(refusal(changed, KEY)).as("octet %d", i).isNotNull();
        }
        for (int length = 0; length < kept.length; length++) {
            assertThat(refusal(Arrays.copyOf(kept, length), KEY))
                    .as("%d octets", length)
                    .isNotNull();
        }
    }

    @Test
    void anotherKeyOpensNothing() {
        assertThat(refusal(KeptSession.seal(ticket(), KEY, entropy), OTHER))
                .isEqualTo("was damaged, or sealed under another key");
    }

    @Test
    void aLaterVersionIsNamed() {
        byte[] kept = KeptSession.seal(ticket(), KEY, entropy);
        kept[0] = 2;

        assertThat(refusal(kept, KEY)).isEqualTo("is of version 2, this Postern knows version 1");
    }

    @Test
    void twoRecordsOfOneSessionShareNoOctets() {
        ResumableSession session = ticket();
        byte[] first = KeptSession.seal(session, KEY, entropy);
        byte[] second = KeptSession.seal(session, KEY, entropy);

        int same = 0;
        for (int i = 1; i < first.length; i++) {
            same += first[i] == second[i] ? 1 : 0;
        }
        assertThat(same).isLessThan(first.length / 20);
    }
}
