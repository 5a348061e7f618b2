package dev.postern.ike.failover;

import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.Input;
import dev.postern.ike.Path;
import dev.postern.ike.Redirection;
import dev.postern.ike.sa.ResumableSession;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.List;

/// An exchange with a gateway that may become the primary.
///
/// @param redirector the gateway that has sent us there in the middle of an attempt; [#NOBODY] for
///   none
record Attempt(long handle, int gateway, boolean resume, Redirection redirection, int redirector) {
    static final int NOBODY = -1;

    /// An exchange that is to begin.
    static Attempt of(Plan.Step step) {
        return new Attempt(0, step.gateway(), step.resume(), step.redirection(), NOBODY);
    }

    /// A full exchange that is to begin.
    static Attempt inFull(int gateway, Redirection redirection) {
        return new Attempt(0, gateway, false, redirection, NOBODY);
    }

    private Attempt inFull() {
        return new Attempt(0, gateway, false, redirection, redirector);
    }

    /// The same at another gateway; the first one that has sent us away is kept in mind.
    Attempt redirectedTo(int target, Redirection sent) {
        return new Attempt(0, target, resume, sent, wasRedirected() ? redirector : gateway);
    }

    Attempt begun(long newHandle, boolean resumes) {
        return new Attempt(newHandle, gateway, resumes, redirection, redirector);
    }

    /// What begins the exchange.
    ///
    /// @param session to resume; null for a full exchange
    /// @param from what carries the session up to now
    Input input(
            InitiatorProfile profile,
            Path path,
            @Nullable ResumableSession session,
            @Nullable Primary from) {
        if (session != null) {
            return new Input.Resume(handle, profile, path, session);
        }
        Input.Initiate full = new Input.Initiate(handle, profile, path, redirection);
        return from == null ? full : new Input.Reauthenticate(full, from.handle());
    }

    /// @param from what carries the session up to now
    Event.SwitchStarted started(@Nullable Primary from, GatewayOrder gateways) {
        return new Event.SwitchStarted(
                handle, from(from, gateways), gateways.name(gateway), resume);
    }

    Event.SwitchCompleted completed(
            @Nullable Primary from, Event.IkeSaEstablished established, GatewayOrder gateways) {
        List<InetAddress> addresses = established.innerAddresses();
        return new Event.SwitchCompleted(
                handle,
                from(from, gateways),
                gateways.name(gateway),
                established.origin(),
                addresses,
                from != null && !from.addresses().equals(addresses));
    }

    private static String from(@Nullable Primary from, GatewayOrder gateways) {
        return from == null ? "" : gateways.name(from.gateway());
    }

    boolean wasRedirected() {
        return redirector != NOBODY;
    }

    /// What follows where it has failed; null for what the plan says.
    @Nullable Attempt after(CloseReason reason, HeldSession held, Plan plan) {
        if (resume && held.takesAnotherCount(reason)) {
            return this;
        }
        if (resume && !plan.isLookIn() && mayWorkInFull(reason)) {
            plan.triesInFull(gateway);
            return inFull();
        }
        // The gateway that sent us there has to make do with us, or refuse.
        return wasRedirected() ? inFull(redirector, Redirection.REFUSED) : null;
    }

    /// The gateway is there and will not resume: a full exchange with it is worth a try.
    private static boolean mayWorkInFull(CloseReason reason) {
        return switch (reason) {
            case TICKET_REFUSED,
                    NO_PROPOSAL_CHOSEN,
                    INVALID_KE_PAYLOAD,
                    TS_UNACCEPTABLE,
                    ADDRESS_FAILURE,
                    EXHAUSTED,
                    SYNTAX,
                    UNSUPPORTED_CRITICAL_PAYLOAD,
                    TEMPORARY_FAILURE ->
                    true;
            case CLOSED_LOCALLY,
                    DELETED_BY_PEER,
                    PEER_UNRESPONSIVE,
                    AUTHENTICATION_FAILED,
                    UNEXPECTED_IDENTITY,
                    TIMED_OUT,
                    SUPERSEDED,
                    PARKED,
                    REVOKED,
                    HARD_DEADLINE,
                    LIFETIME,
                    REDIRECTED,
                    PEER_CRASHED,
                    INTERNAL_ERROR ->
                    false;
        };
    }
}
