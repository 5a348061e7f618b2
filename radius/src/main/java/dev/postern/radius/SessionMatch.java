package dev.postern.radius;

import dev.postern.wire.Octets;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which sessions a Disconnect- or CoA-Request means: those that agree with every identification
/// attribute in it (RFC 5176 section 3), and with every Class.
public record SessionMatch(Attributes attributes) {
    /// Acct-Multi-Session-Id, or Acct-Session-Id of one of its legs ([AccountedSession]).
    private static final Pattern SESSION_ID = Pattern.compile("([0-9a-f]{32})(-.*)?");

    static final Set<Integer> IDENTIFYING =
            Set.of(
                    Attribute.USER_NAME,
                    Attribute.FRAMED_IP_ADDRESS,
                    Attribute.FRAMED_IPV6_ADDRESS,
                    Attribute.CALLING_STATION_ID,
                    Attribute.CALLED_STATION_ID,
                    Attribute.ACCT_SESSION_ID,
                    Attribute.ACCT_MULTI_SESSION_ID,
                    Attribute.CHARGEABLE_USER_IDENTITY,
                    Attribute.CLASS);

    /// Whether the request says nothing about which session it means.
    public boolean isEmpty() {
        return attributes.list().stream().noneMatch(each -> IDENTIFYING.contains(each.type()));
    }

    /// The session that one of our own ids names, whether it is here or not; empty for none.
    public Optional<Octets> namedSession() {
        return attributes.list().stream()
                .filter(each ->
                        each.type() == Attribute.ACCT_MULTI_SESSION_ID
                                || each.type() == Attribute.ACCT_SESSION_ID)
                .map(each -> SESSION_ID.matcher(text(each.value())))
                .filter(Matcher::matches)
                .map(id -> Octets.of(HexFormat.of().parseHex(id.group(1))))
                .findFirst();
    }

    public boolean means(AccountedSession session) {
        return attributes.list().stream()
                .allMatch(each -> !IDENTIFYING.contains(each.type()) || agrees(each, session));
    }

    private static boolean agrees(Attribute attribute, AccountedSession session) {
        Octets value = attribute.value();
        return switch (attribute.type()) {
            case Attribute.USER_NAME -> text(value).equals(session.userName());
            case Attribute.FRAMED_IP_ADDRESS -> hasAddress(value, 4, session);
            case Attribute.FRAMED_IPV6_ADDRESS -> hasAddress(value, 16, session);
            case Attribute.CALLING_STATION_ID -> text(value).equals(session.callingStation());
            case Attribute.CALLED_STATION_ID -> text(value).equals(session.calledStation());
            case Attribute.ACCT_MULTI_SESSION_ID -> text(value).equals(session.multiSessionId());
            case Attribute.ACCT_SESSION_ID -> isLegOf(text(value), session);
            case Attribute.CHARGEABLE_USER_IDENTITY ->
                    session.authorization()
                            .attributes()
                            .all(Attribute.CHARGEABLE_USER_IDENTITY)
                            .contains(value);
            case Attribute.CLASS ->
                    new HashSet<>(session.authorization().classes()).contains(value);
            default -> false;
        };
    }

    /// Any leg names the session: a server may still know it by the one at its first gateway.
    private static boolean isLegOf(String acctSessionId, AccountedSession session) {
        return acctSessionId.equals(session.acctSessionId())
                || acctSessionId.startsWith(session.multiSessionId() + "-");
    }

    private static boolean hasAddress(Octets value, int length, AccountedSession session) {
        InetAddress address = Attributes.address(value, length);
        return address != null && session.innerAddresses().contains(address);
    }

    private static String text(Octets value) {
        return new String(value.array(), StandardCharsets.UTF_8);
    }
}
