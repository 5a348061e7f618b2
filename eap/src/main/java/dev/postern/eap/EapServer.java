package dev.postern.eap;

import dev.postern.wire.EapPacket;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;

import java.util.List;

/// The server's end of one conversation, RFC 3748 section 4 and 5: Identity, choice of a method,
/// the method, Success or Failure.
public final class EapServer implements AutoCloseable {
    private final boolean asksIdentity;
    private final List<ServerMethod> methods;
    private int current;
    private String claimed = "";
    private int identifier;
    private Phase phase = Phase.NEW;

    private enum Phase {
        NEW,
        IDENTITY,
        /// The first request of a method is out; the peer may want another one.
        PROPOSED,
        METHOD,
        ENDED
    }

    /// @param firstIdentifier a random octet, RFC 3748 section 4.1
    /// @param asksIdentity whether the conversation begins with an Identity request
    /// @param methods in order of preference, at least one, owned by this server
    public EapServer(int firstIdentifier, boolean asksIdentity, List<ServerMethod> methods) {
        this.identifier = firstIdentifier & 0xff;
        this.asksIdentity = asksIdentity;
        this.methods = List.copyOf(methods);
    }

    /// The first packet.
    public EapOutcome begin() {
        if (phase != Phase.NEW) {
            return failure("the conversation has begun already");
        }
        if (!asksIdentity) {
            return propose(0);
        }
        phase = Phase.IDENTITY;
        return new EapOutcome.Continue(
                EapPacket.request(identifier, EapPacket.IDENTITY, Octets.EMPTY).encode());
    }

    /// The peer's answer.
    public EapOutcome onResponse(Octets octets) {
        EapPacket packet;
        try {
            packet = EapPacket.decode(octets);
        } catch (MalformedException e) {
            return failure("the peer sent a malformed packet");
        }
        if (packet.code() != EapPacket.Code.RESPONSE || packet.identifier() != identifier) {
            return failure("the peer's packet is no response to the last request");
        }
        return switch (phase) {
            case IDENTITY -> onIdentity(packet);
            case PROPOSED ->
                    packet.type() == EapPacket.NAK ? onNak(packet.data()) : onMethod(packet);
            case METHOD -> onMethod(packet);
            case NEW, ENDED -> failure("no response is due");
        };
    }

    private EapOutcome onIdentity(EapPacket packet) {
        String name =
                packet.type() == EapPacket.IDENTITY ? EapIdentity.decode(packet.data()) : null;
        if (name == null) {
            return failure("the peer did not say an identity that can be read");
        }
        claimed = name;
        return propose(0);
    }

    /// The peer wants another method, RFC 3748 section 5.3.1: the first of ours that it names.
    private EapOutcome onNak(Octets wanted) {
        for (int other = 1; other < methods.size(); other++) {
            for (int i = 0; i < wanted.length(); i++) {
                if (wanted.at(i) == methods.get(other).type()) {
                    method().close();
                    return propose(other);
                }
            }
        }
        return failure("the peer accepts none of our EAP methods");
    }

    private ServerMethod method() {
        return methods.get(current);
    }

    private EapOutcome propose(int index) {
        // A peer that refuses what it asked for gets no third choice.
        phase = index == 0 ? Phase.PROPOSED : Phase.METHOD;
        current = index;
        return step(method().begin(claimed));
    }

    private EapOutcome onMethod(EapPacket packet) {
        if (packet.type() != method().type()) {
            return failure("the peer answered with another EAP type");
        }
        phase = Phase.METHOD;
        return step(method().onResponse(packet.data()));
    }

    private EapOutcome step(MethodStep step) {
        return switch (step) {
            case MethodStep.Send send -> {
                identifier = identifier + 1 & 0xff;
                yield new EapOutcome.Continue(
                        EapPacket.request(identifier, method().type(), send.data()).encode());
            }
            case MethodStep.Proven proven -> {
                boolean mutual = method().isMutual();
                close();
                yield new EapOutcome.Success(
                        EapPacket.success(identifier).encode(),
                        proven.msk(),
                        proven.identity(),
                        mutual,
                        proven.certificate());
            }
            case MethodStep.Refused refused -> failure(refused.reason());
        };
    }

    private EapOutcome failure(String reason) {
        close();
        return new EapOutcome.Failure(EapPacket.failure(identifier).encode(), reason);
    }

    /// What the peer claims to be; empty where it was not asked, or not yet.
    public String claimed() {
        return claimed;
    }

    /// Ends the conversation and wipes what its methods hold. Idempotent.
    @Override
    public void close() {
        phase = Phase.ENDED;
        methods.forEach(ServerMethod::close);
    }
}
