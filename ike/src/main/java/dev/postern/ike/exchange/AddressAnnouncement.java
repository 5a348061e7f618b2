package dev.postern.ike.exchange;

import dev.postern.ike.Now;
import dev.postern.ticket.Session;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Payload;

import java.net.InetAddress;
import java.util.List;

/// INFORMATIONAL with N(ADDITIONAL_IP4_ADDRESS), N(ADDITIONAL_IP6_ADDRESS) or
/// N(NO_ADDITIONAL_ADDRESSES), RFC 4555 section 3.6, from either peer: the list of its further
/// addresses is another one.
record AddressAnnouncement() implements OwnRequest {
    /// A gateway does not tell all of its clients at once.
    private static final long NANOS_EACH = Now.NANOS_PER_MILLI;

    private static final long LONGEST_NANOS = 60 * Now.NANOS_PER_SECOND;

    /// Everybody who speaks MOBIKE is told of these from now on.
    static void begin(Turn turn, List<InetAddress> addresses) {
        if (addresses.equals(turn.advertised())) {
            return;
        }
        turn.advertise(addresses);
        List<IkeSa> all = turn.table().all();
        long over = Math.min(LONGEST_NANOS, (all.size() - 1) * NANOS_EACH);
        for (IkeSa sa : all) {
            if (sa.isEstablished() && sa.has(Session.Extension.MOBIKE)) {
                long wait = Duties.below(turn.entropy(), over);
                sa.duties().add(new Duty.AdvertiseAddresses(), turn.now().nanos() + wait);
                turn.table().timers().schedule(sa);
            }
        }
    }

    /// A session goes on at a gateway whose addresses its client has not heard of.
    static void afterResume(Turn turn, IkeSa sa) {
        if (!turn.advertised().isEmpty() && sa.has(Session.Extension.MOBIKE)) {
            sa.duties().addNow(turn, new Duty.AdvertiseAddresses());
        }
    }

    static void send(Turn turn, IkeSa sa) {
        List<Payload> payloads = AdditionalAddresses.payloads(turn.advertised());
        sa.request(
                turn,
                ExchangeType.INFORMATIONAL,
                payloads,
                sa.relation().schedule(),
                new AddressAnnouncement());
    }

    @Override
    public Duty again(IkeSa sa) {
        return new Duty.AdvertiseAddresses();
    }

    /// The peer has it; there is nothing that it could refuse.
    @Override
    public void onResponse(Turn turn, IkeSa sa, List<Payload> payloads) {}
}
