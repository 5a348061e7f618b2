package dev.postern.ticket;

import dev.postern.crypto.SecretBytes;
import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.Proposal;

import java.util.List;

/// Makes a session that differs from another one in what is named here; the components are those of
/// [Session]. On one thread.
public final class SessionBuilder {
    private final Session base;
    private Session.Kind kind;
    private Octets sessionId;
    private Identity initiator;
    private Identity authenticatedIdentity;
    private Proposal ikeProposal;
    private SecretBytes secret;
    private Octets sessionHash;
    private List<SessionChildSa> childSas;
    private List<ConfigurationAttribute> configuration;
    private int authenticationMethod;
    private long hardDeadline;
    private Octets peerCertificate;
    private List<Octets> aaaAttributes;
    private List<Payload.Unknown> unknownPayloads;

    /// Begins with all that this session says. The secret is shared with it, not copied.
    public SessionBuilder(Session base) {
        this.base = base;
        this.kind = base.kind();
        this.sessionId = base.sessionId();
        this.initiator = base.initiator();
        this.authenticatedIdentity = base.authenticatedIdentity();
        this.ikeProposal = base.ikeProposal();
        this.secret = base.secret();
        this.sessionHash = base.sessionHash();
        this.childSas = base.childSas();
        this.configuration = base.configuration();
        this.authenticationMethod = base.authenticationMethod();
        this.hardDeadline = base.hardDeadline();
        this.peerCertificate = base.peerCertificate();
        this.aaaAttributes = base.aaaAttributes();
        this.unknownPayloads = base.unknownPayloads();
    }

    public SessionBuilder kind(Session.Kind kind) {
        this.kind = kind;
        return this;
    }

    public SessionBuilder sessionId(Octets sessionId) {
        this.sessionId = sessionId;
        return this;
    }

    public SessionBuilder initiator(Identity initiator) {
        this.initiator = initiator;
        return this;
    }

    public SessionBuilder authenticatedIdentity(Identity authenticatedIdentity) {
        this.authenticatedIdentity = authenticatedIdentity;
        return this;
    }

    public SessionBuilder ikeProposal(Proposal ikeProposal) {
        this.ikeProposal = ikeProposal;
        return this;
    }

    public SessionBuilder secret(SecretBytes secret) {
        this.secret = secret;
        return this;
    }

    public SessionBuilder sessionHash(Octets sessionHash) {
        this.sessionHash = sessionHash;
        return this;
    }

    public SessionBuilder childSas(List<SessionChildSa> childSas) {
        this.childSas = childSas;
        return this;
    }

    public SessionBuilder configuration(List<ConfigurationAttribute> configuration) {
        this.configuration = configuration;
        return this;
    }

    public SessionBuilder authenticationMethod(int authenticationMethod) {
        this.authenticationMethod = authenticationMethod;
        return this;
    }

    public SessionBuilder hardDeadline(long hardDeadline) {
        this.hardDeadline = hardDeadline;
        return this;
    }

    public SessionBuilder peerCertificate(Octets peerCertificate) {
        this.peerCertificate = peerCertificate;
        return this;
    }

    public SessionBuilder aaaAttributes(List<Octets> aaaAttributes) {
        this.aaaAttributes = aaaAttributes;
        return this;
    }

    public SessionBuilder unknownPayloads(List<Payload.Unknown> unknownPayloads) {
        this.unknownPayloads = unknownPayloads;
        return this;
    }

    public Session build() {
        return new Session(
                kind,
                sessionId,
                base.generation(),
                base.gatewaySwitchCount(),
                initiator,
                base.responder(),
                authenticatedIdentity,
                ikeProposal,
                secret,
                sessionHash,
                childSas,
                configuration,
                authenticationMethod,
                base.authenticatedAt(),
                base.issuedAt(),
                base.expiresAt(),
                hardDeadline,
                base.profile(),
                base.domain(),
                base.extensions(),
                peerCertificate,
                aaaAttributes,
                unknownPayloads);
    }
}
