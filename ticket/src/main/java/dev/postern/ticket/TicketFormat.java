package dev.postern.ticket;

import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;
import dev.postern.wire.PayloadType;
import dev.postern.wire.TrafficSelector;
import dev.postern.wire.WireReader;
import dev.postern.wire.WireWriter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A session as a chain of IKEv2 payloads, which is what a ticket seals and a session store keeps (failover profile, "The
/// ticket"; draft-dondeti-ipsec-failover-sol-00 section 4.1.4). The first payload is always IDi.
///
///     IDi, IDr, SA (IKE), N(SESSION), [N(AUTHENTICATED_IDENTITY)], [N(PEER_CERTIFICATE)], [CP(CFG_REPLY)],
///         { SA (ESP), [TSi], [TSr], [N(USE_TRANSPORT_MODE)] }*, [N(AAA_ATTRIBUTES)], { payload of a newer version }*
///
/// Proposals have an empty SPI. Where TSi is absent it is the inner addresses of CP, all protocols and ports, which holds for
/// nearly every remote-access client and saves 24 octets. Where TSr is absent it is everything of the families of these
/// addresses. Payloads and notifications that are not known stay with the session
/// and are copied on, at the end of the chain; one with the critical bit makes the chain unreadable. The numbers of the
/// notifications are in [TicketNotify]. The same session always gives the same octets. Pure, for any thread.
public final class TicketFormat {
    static final int SESSION_ID_LENGTH = 16;
    static final int FINGERPRINT_LENGTH = 32;
    static final int MAXIMUM_CHILD_SAS = 16;
    static final int MAXIMUM_SELECTORS = 64;
    static final int MAXIMUM_ATTRIBUTES = 64;
    static final int MAXIMUM_UNKNOWN = 32;
    static final int NO_DEFAULT = 255;
    static final int FIRST_PAYLOAD = PayloadType.IDI.code();

    private TicketFormat() {}

    /// The chain of a session, for a store.
    ///
    /// @throws IllegalArgumentException where the session breaks one of the format's bounds
    public static byte[] encode(Session session) {
        WireWriter writer = new WireWriter();
        encode(session, writer);
        return writer.finishSecret();
    }

    static void encode(Session session, WireWriter writer) {
        new SessionEncoder(session).encode(writer);
    }

    /// The session of a chain that a member of the secure domain wrote, to the last octet.
    public static Session decode(Octets chain, Session.Kind kind) throws MalformedException {
        return decode(new WireReader(chain), kind);
    }

    static Session decode(WireReader reader, Session.Kind kind) throws MalformedException {
        return SessionDecoder.decode(reader, kind);
    }

    /// What TSi is where it is absent.
    static List<TrafficSelector> innerAddresses(List<ConfigurationAttribute> configuration) {
        List<TrafficSelector> selectors = new ArrayList<>(2);
        for (ConfigurationAttribute attribute : configuration) {
            Octets value = attribute.value();
            if (attribute.type() == ConfigurationAttribute.INTERNAL_IP4_ADDRESS
                    && value.length() == 4) {
                selectors.add(host(TrafficSelector.IPV4_RANGE, value));
            } else if (attribute.type() == ConfigurationAttribute.INTERNAL_IP6_ADDRESS
                    && value.length() >= 16) {
                selectors.add(host(TrafficSelector.IPV6_RANGE, value.slice(0, 16)));
            }
        }
        return selectors;
    }

    /// What TSr is where it is absent: all addresses of each family that CP has an inner address
    /// of, all protocols and ports.
    static List<TrafficSelector> everything(List<ConfigurationAttribute> configuration) {
        List<TrafficSelector> selectors = new ArrayList<>(2);
        for (TrafficSelector address : innerAddresses(configuration)) {
            byte[] last = new byte[address.start().length()];
            Arrays.fill(last, (byte) 0xff);
            selectors.add(
                    new TrafficSelector(
                            address.type(),
                            0,
                            0,
                            65535,
                            Octets.of(new byte[last.length]),
                            Octets.of(last)));
        }
        return selectors;
    }

    private static TrafficSelector host(int type, Octets address) {
        return new TrafficSelector(type, 0, 0, 65535, address, address);
    }
}
