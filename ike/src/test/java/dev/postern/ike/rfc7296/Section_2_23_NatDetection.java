package dev.postern.ike.rfc7296;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// NAT_DETECTION_SOURCE_IP and NAT_DETECTION_DESTINATION_IP, computed a second time here.
class Section_2_23_NatDetection {
    private final World world = new World(35);

    private static Octets sha1(long spiI, long spiR, InetSocketAddress address) {
        ByteBuffer data = ByteBuffer.allocate(22);
        data.putLong(spiI).putLong(spiR).put(address.getAddress().getAddress());
        data.putShort((short) address.getPort());
        try {
            return Octets.of(MessageDigest.getInstance("SHA-1").digest(data.array()));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static Octets of(Message message, NotifyType type) {
        Payload.Notify notify = Message.findNotify(message.payloads(), type);
        return notify == null ? Octets.EMPTY : notify.data();
    }

    @Test
    void bothPeersHashTheOthersAddressAndAnnounceASourceThatNeverMatches() {
        ClientSettings settings = new ClientSettings();
        Node gateway = world.add(new GatewaySettings('a'));
        Node client = world.add(settings);
        client.initiate(1, settings.profile(), gateway);
        world.settle();
        Message request = world.carried().get(0).message();
        Message response = world.carried().get(1).message();
        long spiI = request.header().spiI();
        long spiR = response.header().spiR();

        assertThat(of(request, NotifyType.NAT_DETECTION_DESTINATION_IP))
                .isEqualTo(sha1(spiI, 0, gateway.address()));
        assertThat(of(response, NotifyType.NAT_DETECTION_DESTINATION_IP))
                .isEqualTo(sha1(spiI, spiR, client.address()));
        assertThat(of(request, NotifyType.NAT_DETECTION_SOURCE_IP))
                .as("ESP goes in UDP always: the peer must see a NAT")
                .hasSameClassAs(Octets.EMPTY)
                .isNotEqualTo(sha1(spiI, 0, client.address()))
                .isNotEqualTo(Octets.EMPTY);
        assertThat(of(response, NotifyType.NAT_DETECTION_SOURCE_IP))
                .isNotEqualTo(sha1(spiI, spiR, gateway.address()));
    }
}
