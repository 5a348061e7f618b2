package dev.postern.radius;

import dev.postern.crypto.SecretBytes;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// One EAP conversation that passes through to a RADIUS server (RFC 3579). EAP stays opaque but for
/// its code, its length, and the name in an EAP-Response/Identity.
///
///     peer                      gateway                        server
///     EAP-Response/Identity --> Access-Request [EAP-Message] -->
///                           <-- Access-Challenge [State]     <--     until
///                           <-- Access-Accept [MS-MPPE keys] <--  or Access-Reject
public final class AccessConversation {
    private static final int ANY_SERVER = -1;
    private static final int EAP_HEADER = 4;
    private static final int EAP_REQUEST = 1;
    private static final int EAP_RESPONSE = 2;
    private static final int EAP_SUCCESS = 3;
    private static final int EAP_FAILURE = 4;
    private static final int EAP_IDENTITY = 1;

    /// EAP-TLS, TTLS, PEAP, FAST and TEAP: TLS proves the server.
    private static final Set<Integer> TUNNELLED = Set.of(13, 21, 25, 43, 55);

    private final Nas nas;
    private final String calledStation;
    private final String callingStation;
    private final int framedMtu;
    private Octets userName;
    private int server = ANY_SERVER;
    private @Nullable Octets state;
    private int method;
    private int lastIdentifier;

    /// @param userName User-Name until an EAP-Response/Identity says better: IDi
    /// @param framedMtu octets of EAP that fit into one IKE message without much fragmentation (RFC
    ///   3579 section 2.4)
    public AccessConversation(
            Nas nas, String calledStation, String callingStation, String userName, int framedMtu) {
        this.nas = nas;
        this.calledStation = calledStation;
        this.callingStation = callingStation;
        this.userName = Octets.of(userName.getBytes(StandardCharsets.UTF_8));
        this.framedMtu = framedMtu;
    }

    /// What a server's answer comes to.
    public sealed interface Step {
        /// The peer is asked on.
        record Challenge(Octets eap) implements Step {}

        /// The peer is who it says.
        ///
        /// @param eap EAP-Success
        /// @param msk 64 octets, owned by whoever gets this; null where the server sent no keys
        /// @param granted the attributes that stay with the session
        /// @param userName the name under which the session is known to the server
        /// @param mutual whether the method is one that proves the server to the peer and
        ///   withstands guessing
        record Accepted(
                Octets eap,
                @Nullable SecretBytes msk,
                Attributes granted,
                String userName,
                boolean mutual)
                implements Step {}

        /// @param eap EAP-Failure, the server's own where it sent one
        record Rejected(Octets eap) implements Step {}

        /// The server contradicts itself (RFC 3579 section 2.6.3); nobody is let in.
        record Contradiction(String detail) implements Step {}
    }

    /// The call that carries what the peer said.
    public Call.Access ask(long id, Octets eap) {
        if (eap.length() >= EAP_HEADER) {
            lastIdentifier = eap.at(1);
        }
        if (eap.length() > EAP_HEADER
                && eap.at(0) == EAP_RESPONSE
                && eap.at(EAP_HEADER) == EAP_IDENTITY) {
            int end = Math.min(eap.length(), EAP_HEADER + 1 + Attribute.LONGEST_VALUE);
            userName = eap.slice(EAP_HEADER + 1, end);
        }
        List<Attribute> attributes = new ArrayList<>();
        attributes.add(new Attribute(Attribute.USER_NAME, userName));
        attributes.addAll(nas.portAttributes());
        attributes.add(Attribute.text(Attribute.CALLED_STATION_ID, calledStation));
        attributes.add(Attribute.text(Attribute.CALLING_STATION_ID, callingStation));
        attributes.add(Attribute.integer(Attribute.FRAMED_MTU, framedMtu));
        attributes.addAll(Attribute.split(Attribute.EAP_MESSAGE, eap));
        if (state != null) {
            attributes.add(new Attribute(Attribute.STATE, state));
        }
        return new Call.Access(id, new Attributes(attributes), server);
    }

    /// Judges an answer that the client has proven to be the server's.
    public Step onAnswer(ClientEffect.Answered answered, SecretBytes secret) {
        Attributes attributes = answered.packet().attributes();
        Octets eap = attributes.joined(Attribute.EAP_MESSAGE);
        if (eap != null && !isWellFormed(eap)) {
            return new Step.Contradiction("the server sent an EAP packet of the wrong length");
        }
        return switch (answered.packet().code()) {
            case ACCESS_CHALLENGE -> challenge(answered, eap);
            case ACCESS_ACCEPT -> accept(answered, eap, secret);
            case ACCESS_REJECT ->
                    new Step.Rejected(
                            eap != null && eap.at(0) == EAP_FAILURE ? eap : last(EAP_FAILURE));
            case ACCESS_REQUEST,
                    ACCOUNTING_REQUEST,
                    ACCOUNTING_RESPONSE,
                    DISCONNECT_REQUEST,
                    DISCONNECT_ACK,
                    DISCONNECT_NAK,
                    COA_REQUEST,
                    COA_ACK,
                    COA_NAK ->
                    new Step.Contradiction("the server sent " + answered.packet().code());
        };
    }

    private Step challenge(ClientEffect.Answered answered, @Nullable Octets eap) {
        if (eap == null || eap.at(0) != EAP_REQUEST) {
            return new Step.Contradiction("an Access-Challenge without an EAP-Request");
        }
        if (eap.length() > EAP_HEADER) {
            method = eap.at(EAP_HEADER);
        }
        state = answered.packet().attributes().first(Attribute.STATE);
        server = answered.server();
        return new Step.Challenge(eap);
    }

    private Step accept(ClientEffect.Answered answered, @Nullable Octets eap, SecretBytes secret) {
        if (eap != null && eap.at(0) != EAP_SUCCESS) {
            return new Step.Contradiction("an Access-Accept without EAP-Success");
        }
        Attributes attributes = answered.packet().attributes();
        Octets named = attributes.first(Attribute.USER_NAME);
        if (named != null && !named.isEmpty()) {
            userName = named;
        }
        return new Step.Accepted(
                eap == null ? last(EAP_SUCCESS) : eap,
                MppeKey.msk(attributes, answered.requestAuthenticator(), secret),
                Authorization.granted(attributes, userName),
                new String(userName.array(), StandardCharsets.UTF_8),
                TUNNELLED.contains(method));
    }

    /// An EAP packet that ends the conversation where the server left it out; its identifier is
    /// that of the peer's last response (RFC 3748 section 4.2).
    private Octets last(int code) {
        return Octets.of(new byte[] {(byte) code, (byte) lastIdentifier, 0, EAP_HEADER});
    }

    private static boolean isWellFormed(Octets eap) {
        return eap.length() >= EAP_HEADER && (eap.at(2) << 8 | eap.at(3)) == eap.length();
    }
}
