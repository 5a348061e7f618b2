package dev.postern.ike;

import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.standby.StandbyRecord;
import dev.postern.pki.RevocationEvidence;
import dev.postern.ticket.Revocation;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;
import dev.postern.wire.TrafficSelector;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/// What happens to an endpoint.
public sealed interface Input {
    /// A datagram of one IKE message, without non-ESP marker. The endpoint keeps `octets`.
    record Datagram(Path path, byte[] octets) implements Input {}

    /// The time that [IkeEndpoint#nextDeadline] named has come.
    record DeadlineReached() implements Input {}

    /// The answer to an [Ask].
    record Answered(long askId, Answer answer) implements Input {}

    /// The data plane has verified a packet of this Child SA: proof that the peer holds its keys.
    /// Delivered for the first packet, and again from time to time as evidence of life.
    record PacketVerified(int inboundSpi) implements Input {}

    /// Sets up an IKE SA and a Child SA by a full exchange.
    ///
    /// @param redirection whether the gateway may send us to another one
    /// @param unlessResumable ends with [Event.CloseReason#RESUMABLE] before a key exchange is
    ///   computed if the gateway knows the 1-RTT profile
    record Initiate(
            long handle,
            InitiatorProfile profile,
            Path path,
            Redirection redirection,
            boolean unlessResumable)
            implements Input {
        /// One that is carried out whatever the gateway knows.
        public Initiate(long handle, InitiatorProfile profile, Path path, Redirection redirection) {
            this(handle, profile, path, redirection, false);
        }

        /// A client that nobody redirects.
        public Initiate(long handle, InitiatorProfile profile, Path path) {
            this(handle, profile, path, Redirection.REFUSED);
        }
    }

    /// Authenticates anew, beside the IKE SA `replaces`, which the caller closes when it is
    /// replaced (RFC 4478 section 2).
    record Reauthenticate(Initiate exchange, long replaces) implements Input {}

    /// Sets them up from a ticket, by the exchange that the ticket is for.
    record Resume(long handle, InitiatorProfile profile, Path path, ResumableSession session)
            implements Input {}

    /// Sends the first message of an exchange that has no answer yet by another way too, the same
    /// octets, to an address of the same gateway; the way of the first good answer is taken.
    record AlsoBy(long handle, Path path) implements Input {}

    /// Checks that the peer lives, with this schedule (RFC 7296 section 2.4).
    record Probe(long handle, RetransmissionSchedule schedule) implements Input {}

    /// Asks for a further Child SA with these selectors.
    ///
    /// @param local what is on our side
    /// @param remote what is on the peer's
    record CreateChildSa(long handle, List<TrafficSelector> local, List<TrafficSelector> remote)
            implements Input {}

    /// Replaces the keys of an IKE SA.
    record RekeyIkeSa(long handle) implements Input {}

    /// Replaces the keys of a Child SA.
    record RekeyChildSa(int inboundSpi) implements Input {}

    /// Ends a Child SA by a Delete exchange; its IKE SA stays.
    record CloseChildSa(int inboundSpi) implements Input {}

    /// What went through a Child SA so far, in the direction that has carried more.
    record ChildSaUsed(int inboundSpi, long octets, long packets) implements Input {}

    /// Asks the gateway for a fresh ticket.
    record AskForTicket(long handle) implements Input {}

    /// Our further addresses are these: peers with MOBIKE are told (RFC 4555 section 3.6). Never
    /// those of a node behind an address that it shares with others.
    record AdvertiseAddresses(List<InetAddress> addresses) implements Input {
        public AdvertiseAddresses {
            addresses = List.copyOf(addresses);
        }
    }

    /// Our address towards this peer has changed: it is told (RFC 4555).
    record Moved(long handle, Path path) implements Input {}

    /// The newest packet of a Child SA that the data plane has verified came from here, which is
    /// not where its packets go: a NAT has given the peer another port or address.
    record PeerMoved(int inboundSpi, Path from) implements Input {}

    /// Ends an IKE SA: by a Delete exchange, or silently.
    record Close(long handle, boolean silently) implements Input {}

    /// Names the other gateways of the domain, with their weights and loads, from now on.
    record AnnounceGateways(AlternativeGateways gateways) implements Input {}

    /// Revokes sessions: none of them is resumed from now on, and the IKE SAs of those that live
    /// here are deleted.
    record Revoke(Revocation revocation) implements Input {}

    /// Ends an IKE SA and keeps its session, for the client to resume when it has something to
    /// send.
    record Park(long handle) implements Input {}

    /// Parks the established IKE SAs of an authenticated peer.
    record ParkPeer(Identity peer) implements Input {}

    /// Parks the established IKE SA with this SPI, of ours or of the peer's.
    record ParkSpi(long spi) implements Input {}

    /// Parks what has been idle for longer than its profile allows.
    record ParkIdle() implements Input {}

    /// What is known of revoked certificates from now on, in place of what was.
    record KnowRevocations(RevocationEvidence evidence) implements Input {}

    /// A server has changed what a session may do: when it ends, and the attributes that it carries
    /// from gateway to gateway, among them what puts it into a group. [IkeEndpoint#admits] says
    /// beforehand whether that can be.
    ///
    /// @param hardDeadline seconds since 1970; 0 leaves it as it is
    /// @param aaaAttributes all of them, with a [dev.postern.ticket.GrantMark]
    record Reauthorize(Octets sessionId, long hardDeadline, List<Octets> aaaAttributes)
            implements Input {
        public Reauthorize {
            aaaAttributes = List.copyOf(aaaAttributes);
        }
    }

    /// When clients are sent to other gateways from now on, and to which.
    record Redirects(RedirectPolicy policy) implements Input {}

    /// Sends the client of an IKE SA to another gateway, if it supports that.
    record Redirect(long handle, GatewayList.Entry gateway) implements Input {}

    /// Empties this gateway: its clients are redirected, and nobody new is let in.
    record Drain(DrainOrder order) implements Input {}

    /// Clients are welcome again.
    record Undrain() implements Input {}

    /// How far the sequence numbers of a Child SA are, for its standby.
    ///
    /// @param outbound the last one that was sealed
    /// @param inbound the highest that was opened
    record SequencesUsed(int inboundSpi, long outbound, long inbound) implements Input {}

    /// Packets have come to a Child SA that its replay window does not take; anybody may have sent
    /// them.
    record PacketRefused(int inboundSpi) implements Input {}

    /// Packets have come for which there is no SA, a few of them at most; anybody may have sent
    /// them.
    record WaywardPackets(List<Wayward> packets) implements Input {
        public WaywardPackets {
            packets = List.copyOf(packets);
        }
    }

    /// Such a packet.
    record Wayward(int spi, InetSocketAddress from) {}

    /// Carries on with the IKE SAs of another member, whose address is ours now.
    ///
    /// @param records become the endpoint's, which wipes them
    /// @param epoch 1 to 65535, higher than that of any takeover before and kept durably before
    ///   this input is given: no nonce is ever made twice from it
    /// @param outdated whether somebody of whom we know nothing may have carried on with them
    ///   meanwhile; nothing that one has received may be opened here once more, so the Child SAs
    ///   open nothing until they are rekeyed
    record TakeOver(List<StandbyRecord> records, int epoch, boolean outdated) implements Input {
        public TakeOver {
            records = List.copyOf(records);
        }

        /// With records that tell of everybody who has served.
        public TakeOver(List<StandbyRecord> records, int epoch) {
            this(records, epoch, false);
        }
    }

    /// Restores the IKE SAs of another member under addresses of ours, and tells their clients to
    /// come here (failover profile, "Hot standby", loose clusters).
    ///
    /// @param records become the endpoint's, which wipes them
    /// @param epoch as in [TakeOver]
    record Succeed(List<StandbyRecord> records, int epoch, Succession succession) implements Input {
        public Succeed {
            records = List.copyOf(records);
        }
    }

    /// What this gateway may say of the others from now on, and the key that it is known by.
    record HoldVouchers(HeldVouchers vouchers) implements Input {}

    /// Another member owns our protected IKE SAs and the addresses where they are now: what stands
    /// there, or has begun, ends here without a word to anybody; records stay.
    record StandDown() implements Input {}
}
