package dev.postern.eap;

import dev.postern.wire.EapPacket;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

/// The peer's end of one conversation, RFC 3748 sections 4 and 5. It runs one method and nothing
/// else; Success counts only where that method has proven the server, and Failure always does.
public final class EapPeer implements AutoCloseable {
    private final String identity;
    private final PeerMethod method;
    private int lastIdentifier = -1;
    private boolean methodBegan;
    private boolean ended;

    /// @param identity what to answer to an Identity request
    /// @param method owned by this peer
    public EapPeer(String identity, PeerMethod method) {
        this.identity = identity;
        this.method = method;
    }

    /// A packet of the server.
    public EapOutcome on(Octets octets) {
        EapPacket packet;
        try {
            packet = EapPacket.decode(octets);
        } catch (MalformedException e) {
            return failure("the server sent a malformed EAP packet");
        }
        if (ended) {
            return failure("the EAP conversation has ended already");
        }
        return switch (packet.code()) {
            case REQUEST -> onRequest(packet);
            case SUCCESS -> onSuccess(packet, octets);
            case FAILURE -> {
                String refusal = method.refusal();
                yield failure(refusal == null ? "the server refused us by EAP" : refusal);
            }
            case RESPONSE -> failure("the server sent an EAP response");
        };
    }

    private EapOutcome onRequest(EapPacket request) {
        lastIdentifier = request.identifier();
        if (request.type() == method.type()) {
            methodBegan = true;
            return switch (method.onRequest(request.data())) {
                case MethodStep.Send send -> respond(method.type(), send.data());
                case MethodStep.Refused refused -> failure(refused.reason());
                case MethodStep.Proven proven -> {
                    proven.msk().close();
                    throw new IllegalStateException("a peer's method answers each request");
                }
            };
        }
        return switch (request.type()) {
            // Section 5.1: text for a person, answered whatever it says, at any time.
            case EapPacket.NOTIFICATION -> respond(EapPacket.NOTIFICATION, Octets.EMPTY);
            case EapPacket.IDENTITY ->
                    methodBegan
                            ? failure("the server asked for our identity within a method")
                            : respond(EapPacket.IDENTITY, EapIdentity.encode(identity));
            case EapPacket.NAK -> failure("the server sent Nak as a request");
            default -> otherMethod(request.type());
        };
    }

    /// Section 5.3.1: before a method has begun another one may be asked for; an Expanded Type gets
    /// the short form too, from a peer without such types.
    private EapOutcome otherMethod(int type) {
        return methodBegan
                ? failure("the server changed to EAP type " + type + " within a method")
                : respond(EapPacket.NAK, Octets.of(new byte[] {(byte) method.type()}));
    }

    private EapOutcome respond(int type, Octets data) {
        return new EapOutcome.Continue(EapPacket.response(lastIdentifier, type, data).encode());
    }

    /// Section 4.2: a peer must not take Success as long as its method would go on.
    private EapOutcome onSuccess(EapPacket packet, Octets octets) {
        MethodStep.@Nullable Proven proven = method.proven();
        if (proven == null) {
            String refusal = method.refusal();
            return failure(
                    refusal == null
                            ? "the server sent EAP Success before the method had proven it"
                            : refusal);
        }
        if (packet.identifier() != lastIdentifier) {
            proven.msk().close();
            return failure("EAP Success with another identifier than the last request's");
        }
        boolean mutual = method.isMutual();
        close();
        return new EapOutcome.Success(octets, proven.msk(), proven.identity(), mutual, null);
    }

    private EapOutcome failure(String reason) {
        close();
        return new EapOutcome.Failure(Octets.EMPTY, reason);
    }

    @Override
    public void close() {
        ended = true;
        method.close();
    }
}
