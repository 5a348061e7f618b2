package dev.postern.gateway.dhcp;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.Hash;
import dev.postern.gateway.configuration.AddressRange;
import dev.postern.gateway.configuration.Pool;
import dev.postern.gateway.dhcp.DhcpLease.State;
import dev.postern.ike.Ask;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The leases of one pool whose addresses a DHCP server gives out. The client identifier is made of
/// the IKE identity, so a client gets the same address at every gateway of the domain, also when it
/// resumes; a second session of one identity adds its session id. Used on the endpoint's thread
/// only; what comes of a call is what [Outcomes] is told.
public final class DhcpLeases {
    /// Less than the endpoint's own patience, more than the three seconds for which dnsmasq makes
    /// sure that nobody has an address.
    private static final long PATIENCE_NANOS = 4_500_000_000L;

    private static final long RETRY_NANOS = 900_000_000L;
    private static final long RENEWAL_RETRY_NANOS = 30_000_000_000L;

    /// A gateway that had the session before may release the address after it was given to us.
    private static final long AFTER_MOVE_NANOS = 10_000_000_000L;

    private static final long SECOND = 1_000_000_000L;
    private static final long SHORTEST_SECONDS = 60;
    private static final long LONGEST_SECONDS = 365L * 86_400;
    private static final int MOST_WAITING = 1_024;
    private static final int MOST_LEASES = 200_000;

    /// What happens outside.
    public interface Outcomes {
        void send(byte[] message);

        /// @param address leased to the session that asked
        void leased(
                long askId,
                Ask.LeaseAddresses ask,
                InetAddress address,
                List<InetAddress> nameServers);

        /// The server has none, does not answer, or is asked for too many at once.
        void refused(long askId, Ask.LeaseAddresses ask, String reason);

        /// The address is not this IKE SA's any more.
        void lost(long handle, InetAddress address);
    }

    private final AddressRange range;
    private final InetAddress relay;
    private final Entropy entropy;
    private final Outcomes outcomes;
    private final Map<Octets, DhcpLease> bySession = new LinkedHashMap<>();
    private final Map<Integer, DhcpLease> byTransaction = new HashMap<>();
    private final Map<Octets, DhcpLease> byClient = new HashMap<>();
    private final Map<Long, DhcpLease> byHandle = new HashMap<>();

    /// @param pool with a DHCP server
    public DhcpLeases(Pool pool, InetAddress relay, Entropy entropy, Outcomes outcomes) {
        this.range = AddressRange.of(pool.addresses());
        this.relay = relay;
        this.entropy = entropy;
        this.outcomes = outcomes;
    }

    /// An address for a session, told by [Outcomes] at once or within five seconds.
    public void want(long askId, Ask.LeaseAddresses ask, long now) {
        DhcpLease known = bySession.get(ask.sessionId());
        if (known != null && known.isBound()) {
            outcomes.leased(askId, ask, known.address, known.nameServers);
            return;
        }
        if (known != null) {
            forget(known);
        }
        if (byTransaction.size() >= MOST_WAITING || bySession.size() >= MOST_LEASES) {
            outcomes.refused(askId, ask, "too many leases are asked for at once");
            return;
        }
        DhcpLease lease = open(ask);
        lease.waiting = new DhcpLease.Waiting(askId, ask);
        for (InetAddress wanted : ask.wanted()) {
            if (range.contains(wanted)) {
                lease.address = wanted;
            }
        }
        lease.giveUpAt = now + PATIENCE_NANOS;
        begin(lease, State.SELECTING, now);
    }

    private DhcpLease open(Ask.LeaseAddresses ask) {
        Identity identity = ask.identity();
        byte[] body = identity.data().array();
        DhcpLease other = byClient.get(clientKey(identifier(identity.type(), body, new byte[0])));
        if (other != null && other.holders.isEmpty() && other.isBound()) {
            // The session before has ended without a word; its address is this client's.
            forget(other);
            other = null;
        }
        byte[] identifier =
                identifier(
                        identity.type(),
                        body,
                        other == null ? new byte[0] : ask.sessionId().array());
        byte[] hardware =
                Arrays.copyOf(Hash.SHA_256.digest(identifier), DhcpMessage.HARDWARE_LENGTH);
        // Locally administered, not a group.
        hardware[0] = (byte) ((hardware[0] & 0xfc) | 2);
        DhcpLease lease = new DhcpLease(identifier, hardware, ask.sessionId());
        bySession.put(ask.sessionId(), lease);
        byClient.put(clientKey(identifier), lease);
        return lease;
    }

    /// Type 0, not a hardware address (RFC 2132 section 9.14), then the type and data of the IKE
    /// identity; a long one by its digest.
    private static byte[] identifier(int type, byte[] identity, byte[] session) {
        byte[] whole =
                ByteBuffer.allocate(2 + identity.length + session.length)
                        .put((byte) 0)
                        .put((byte) type)
                        .put(identity)
                        .put(session)
                        .array();
        if (whole.length <= 128) {
            return whole;
        }
        return ByteBuffer.allocate(34)
                .put((byte) 0)
                .put((byte) type)
                .put(Hash.SHA_256.digest(whole))
                .array();
    }

    private static Octets clientKey(byte[] identifier) {
        return Octets.of(identifier);
    }

    private void begin(DhcpLease lease, State state, long now) {
        byTransaction.remove(lease.transaction, lease);
        lease.state = state;
        lease.transmissions = 0;
        lease.transaction = ByteBuffer.wrap(entropy.octets(4)).getInt();
        byTransaction.put(lease.transaction, lease);
        transmit(lease, now);
    }

    private void transmit(DhcpLease lease, long now) {
        lease.transmissions++;
        lease.sendAt = now + (lease.state == State.RENEWING ? RENEWAL_RETRY_NANOS : RETRY_NANOS);
        outcomes.send(
                switch (lease.state) {
                    case SELECTING -> message(lease, DhcpMessage.DISCOVER, false);
                    case REQUESTING -> message(lease, DhcpMessage.REQUEST, false);
                    case BOUND, RENEWING -> message(lease, DhcpMessage.REQUEST, true);
                });
    }

    /// @param owned the address is ours: it stands in ciaddr (RFC 2131 table 4)
    private byte[] message(DhcpLease lease, int type, boolean owned) {
        Map<Integer, byte[]> options = new LinkedHashMap<>();
        options.put(DhcpMessage.MESSAGE_TYPE, new byte[] {(byte) type});
        options.put(DhcpMessage.CLIENT_IDENTIFIER, lease.clientIdentifier);
        if (!owned && !lease.address.equals(DhcpMessage.NONE)) {
            options.put(DhcpMessage.REQUESTED_ADDRESS, lease.address.getAddress());
        }
        if (lease.state == State.REQUESTING || type == DhcpMessage.RELEASE) {
            options.put(DhcpMessage.SERVER_IDENTIFIER, lease.server);
        }
        options.put(
                DhcpMessage.PARAMETERS,
                new byte[] {
                    DhcpMessage.SUBNET_MASK,
                    DhcpMessage.NAME_SERVERS,
                    DhcpMessage.LEASE_TIME,
                    DhcpMessage.RENEWAL_TIME
                });
        return new DhcpMessage(
                        false,
                        lease.transaction,
                        owned ? lease.address : DhcpMessage.NONE,
                        DhcpMessage.NONE,
                        relay,
                        lease.hardware,
                        options)
                .encode();
    }

    /// What has come from the server's address; anybody may have sent it.
    public void onMessage(byte[] octets, long now) {
        DhcpMessage message = DhcpMessage.decode(octets);
        DhcpLease lease =
                message == null || !message.isReply()
                        ? null
                        : byTransaction.get(message.transaction());
        if (message == null
                || lease == null
                || !Arrays.equals(message.hardware(), lease.hardware)) {
            return;
        }
        switch (message.type()) {
            case DhcpMessage.OFFER -> {
                byte[] server = message.options().get(DhcpMessage.SERVER_IDENTIFIER);
                if (lease.state == State.SELECTING
                        && server != null
                        && server.length == 4
                        && range.contains(message.yourAddress())) {
                    lease.address = message.yourAddress();
                    lease.server = server;
                    begin(lease, State.REQUESTING, now);
                }
            }
            case DhcpMessage.ACK -> {
                if (lease.state != State.SELECTING && message.yourAddress().equals(lease.address)) {
                    bind(lease, message, now);
                }
            }
            case DhcpMessage.NAK -> refuseOrLose(lease, now);
            default -> {}
        }
    }

    private void bind(DhcpLease lease, DhcpMessage message, long now) {
        byTransaction.remove(lease.transaction, lease);
        long leaseTime = message.number(DhcpMessage.LEASE_TIME);
        long seconds = Math.clamp(leaseTime, SHORTEST_SECONDS, LONGEST_SECONDS);
        long renewal = message.number(DhcpMessage.RENEWAL_TIME);
        DhcpLease.Waiting waiting = lease.waiting;
        boolean moved = waiting != null && !waiting.ask().wanted().isEmpty();
        lease.state = State.BOUND;
        lease.expiresAt = now + seconds * SECOND;
        lease.renewAt =
                moved
                        ? now + AFTER_MOVE_NANOS
                        : now + (renewal > 0 && renewal < seconds ? renewal : seconds / 2) * SECOND;
        lease.nameServers = nameServers(message.options().get(DhcpMessage.NAME_SERVERS));
        if (waiting != null) {
            lease.waiting = null;
            outcomes.leased(waiting.askId(), waiting.ask(), lease.address, lease.nameServers);
        }
    }

    private static List<InetAddress> nameServers(byte @Nullable [] option) {
        List<InetAddress> servers = new ArrayList<>();
        for (int at = 0; option != null && at + 4 <= option.length && servers.size() < 4; at += 4) {
            try {
                servers.add(InetAddress.getByAddress(Arrays.copyOfRange(option, at, at + 4)));
            } catch (UnknownHostException e) {
                throw new IllegalStateException("four octets are an address", e);
            }
        }
        return servers;
    }

    private void refuseOrLose(DhcpLease lease, long now) {
        if (lease.isBound()) {
            lose(lease);
        } else if (lease.state == State.REQUESTING) {
            // Somebody was faster: whatever the server has is good too.
            lease.address = DhcpMessage.NONE;
            begin(lease, State.SELECTING, now);
        }
    }

    /// An IKE SA uses the session's lease from now on.
    public void hold(long handle, Octets sessionId) {
        DhcpLease lease = bySession.get(sessionId);
        if (lease != null) {
            lease.holders.add(handle);
            byHandle.put(handle, lease);
        }
    }

    /// An IKE SA has ended.
    ///
    /// @param forGood the session ended with it: the address is given back; else its client may
    ///   come again, or is at another gateway, and the lease runs out by itself
    public void release(long handle, boolean forGood) {
        DhcpLease lease = byHandle.remove(handle);
        if (lease == null || !lease.holders.remove(handle) || !lease.holders.isEmpty()) {
            return;
        }
        lease.renewAt = Long.MAX_VALUE;
        if (lease.state == State.RENEWING) {
            byTransaction.remove(lease.transaction, lease);
            lease.state = State.BOUND;
        }
        if (forGood && lease.isBound()) {
            outcomes.send(message(lease, DhcpMessage.RELEASE, true));
            forget(lease);
        }
    }

    /// Monotonic nanoseconds; `Long.MAX_VALUE` for never.
    public long nextDeadline() {
        long earliest = Long.MAX_VALUE;
        for (DhcpLease lease : bySession.values()) {
            earliest = Math.min(earliest, lease.nextDeadline());
        }
        return earliest;
    }

    /// Sends again what was not answered, renews, and gives up.
    public void onTime(long now) {
        for (DhcpLease lease : List.copyOf(bySession.values())) {
            if (lease.nextDeadline() <= now) {
                due(lease, now);
            }
        }
    }

    private void due(DhcpLease lease, long now) {
        if (lease.isBound() && lease.expiresAt <= now) {
            lose(lease);
        } else if (lease.state == State.BOUND) {
            begin(lease, State.RENEWING, now);
        } else if (!lease.isBound() && lease.giveUpAt <= now) {
            DhcpLease.Waiting waiting = lease.waiting;
            forget(lease);
            if (waiting != null) {
                outcomes.refused(
                        waiting.askId(), waiting.ask(), "the DHCP server has given no address");
            }
        } else {
            transmit(lease, now);
        }
    }

    private void lose(DhcpLease lease) {
        List<Long> holders = List.copyOf(lease.holders);
        forget(lease);
        holders.forEach(handle -> outcomes.lost(handle, lease.address));
    }

    private void forget(DhcpLease lease) {
        bySession.remove(lease.sessionId, lease);
        byClient.remove(clientKey(lease.clientIdentifier), lease);
        byTransaction.remove(lease.transaction, lease);
        lease.holders.forEach(byHandle::remove);
    }

    /// Leases and questions that are open.
    public int size() {
        return bySession.size();
    }
}
