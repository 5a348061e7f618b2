package dev.postern.grid;

import dev.postern.cluster.Member;

import org.infinispan.remoting.transport.Address;
import org.jgroups.util.ExtendedUUID;
import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// What every view says of a member: the engine carries it in the member's address there.
///
/// @param since when its process joined or began, in milliseconds by its own clock
/// @param listen where it listens; null where it is of a version that does not say so
record Seat(Member member, long since, @Nullable String listen) {
    private static final String KEY = "postern";

    static Seat of(ExtendedUUID uuid) {
        Member member = Grid.member(Address.fromExtendedUUID(uuid));
        byte[] said = uuid.get(KEY);
        if (said == null || said.length <= Long.BYTES) {
            return new Seat(member, 0, null);
        }
        ByteBuffer octets = ByteBuffer.wrap(said);
        long since = octets.getLong();
        return new Seat(member, since, StandardCharsets.UTF_8.decode(octets).toString());
    }

    /// Says it of ourselves.
    static void put(ExtendedUUID uuid, long since, InetSocketAddress listen) {
        byte[] text = text(listen).getBytes(StandardCharsets.UTF_8);
        uuid.put(
                KEY,
                ByteBuffer.allocate(Long.BYTES + text.length).putLong(since).put(text).array());
    }

    /// An address as each member writes it. The zone of a link-local one is its host's own.
    static String text(InetSocketAddress address) {
        String host =
                address.isUnresolved()
                        ? address.getHostString()
                        : address.getAddress().getHostAddress();
        int zone = host.indexOf('%');
        return (zone < 0 ? host : host.substring(0, zone)) + ":" + address.getPort();
    }

    /// For messages.
    String place() {
        return listen == null ? "at another address" : "at " + listen;
    }
}
