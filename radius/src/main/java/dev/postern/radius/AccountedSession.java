package dev.postern.radius;

import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// One session at one gateway, as accounting sees it.
///
/// Acct-Multi-Session-Id is the session itself, in hexadecimal, at every gateway that ever carries
/// it. Acct-Session-Id is that and a leg, the gateway's number and the second when it took over: a
/// resumed session is a new leg with counters that start from zero, linked to the earlier ones (RFC
/// 2866 section 5.11).
///
/// @param innerAddresses Framed-IP-Address and Framed-IPv6-Address
/// @param callingStation where the peer is
/// @param startedAt epoch seconds when this leg began
public record AccountedSession(
        Octets sessionId,
        int member,
        String userName,
        List<InetAddress> innerAddresses,
        String callingStation,
        String calledStation,
        Authorization authorization,
        long startedAt) {
    /// Values of Acct-Status-Type.
    private static final int START = 1;

    private static final int STOP = 2;
    private static final int INTERIM_UPDATE = 3;
    private static final int RADIUS = 1;

    public AccountedSession {
        innerAddresses = List.copyOf(innerAddresses);
    }

    public String multiSessionId() {
        return sessionId.hex();
    }

    public String acctSessionId() {
        HexFormat hex = HexFormat.of();
        return multiSessionId()
                + "-"
                + hex.toHexDigits((byte) member)
                + "-"
                + hex.toHexDigits((int) startedAt);
    }

    public AccountingRecord start(Nas nas) {
        return record(nas, START, startedAt, List.of(), AccountingRecord.Kind.START);
    }

    public AccountingRecord interim(Nas nas, Usage usage, long nowSeconds) {
        return record(
                nas,
                INTERIM_UPDATE,
                nowSeconds,
                used(usage, nowSeconds),
                AccountingRecord.Kind.INTERIM);
    }

    public AccountingRecord stop(Nas nas, Usage usage, TerminateCause cause, long nowSeconds) {
        List<Attribute> attributes = used(usage, nowSeconds);
        attributes.add(Attribute.integer(Attribute.ACCT_TERMINATE_CAUSE, cause.number()));
        return record(nas, STOP, nowSeconds, attributes, AccountingRecord.Kind.STOP);
    }

    private AccountingRecord record(
            Nas nas,
            int status,
            long happenedAt,
            List<Attribute> more,
            AccountingRecord.Kind kind) {
        List<Attribute> attributes = new ArrayList<>();
        attributes.add(Attribute.integer(Attribute.ACCT_STATUS_TYPE, status));
        attributes.add(Attribute.text(Attribute.ACCT_SESSION_ID, acctSessionId()));
        attributes.add(Attribute.text(Attribute.ACCT_MULTI_SESSION_ID, multiSessionId()));
        attributes.add(Attribute.text(Attribute.USER_NAME, userName));
        attributes.addAll(nas.portAttributes());
        for (InetAddress address : innerAddresses) {
            attributes.add(Attribute.address(framedType(address), address));
        }
        attributes.add(Attribute.text(Attribute.CALLING_STATION_ID, callingStation));
        attributes.add(Attribute.text(Attribute.CALLED_STATION_ID, calledStation));
        attributes.add(Attribute.integer(Attribute.ACCT_AUTHENTIC, RADIUS));
        attributes.add(Attribute.integer(Attribute.EVENT_TIMESTAMP, happenedAt));
        authorization
                .classes()
                .forEach(each -> attributes.add(new Attribute(Attribute.CLASS, each)));
        @Nullable Octets charged =
                authorization.attributes().first(Attribute.CHARGEABLE_USER_IDENTITY);
        if (charged != null) {
            attributes.add(new Attribute(Attribute.CHARGEABLE_USER_IDENTITY, charged));
        }
        attributes.addAll(more);
        return new AccountingRecord(acctSessionId(), kind, new Attributes(attributes), happenedAt);
    }

    private static int framedType(InetAddress address) {
        return address instanceof Inet4Address
                ? Attribute.FRAMED_IP_ADDRESS
                : Attribute.FRAMED_IPV6_ADDRESS;
    }

    private List<Attribute> used(Usage usage, long nowSeconds) {
        List<Attribute> attributes = new ArrayList<>();
        long seconds = Math.max(0, nowSeconds - startedAt);
        attributes.add(Attribute.integer(Attribute.ACCT_SESSION_TIME, seconds));
        attributes.add(Attribute.integer(Attribute.ACCT_INPUT_OCTETS, usage.inputOctets()));
        attributes.add(
                Attribute.integer(Attribute.ACCT_INPUT_GIGAWORDS, usage.inputOctets() >>> 32));
        attributes.add(Attribute.integer(Attribute.ACCT_OUTPUT_OCTETS, usage.outputOctets()));
        attributes.add(
                Attribute.integer(Attribute.ACCT_OUTPUT_GIGAWORDS, usage.outputOctets() >>> 32));
        attributes.add(Attribute.integer(Attribute.ACCT_INPUT_PACKETS, usage.inputPackets()));
        attributes.add(Attribute.integer(Attribute.ACCT_OUTPUT_PACKETS, usage.outputPackets()));
        return attributes;
    }
}
