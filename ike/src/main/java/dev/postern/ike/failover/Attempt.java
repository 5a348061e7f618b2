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
/// @param unlessResumable a full exchange that gives way to a resume ([Plan.Step]); or that resume,
///   which the full exchange follows if it is in vain
record Attempt(
        long handle,
        int gateway,
        boolean resume,
        Redirection redirection,
        int redirector,
        boolean unlessResumable) {
    static final int NOBODY = -1;

    /// An exchange that is to begin.
    static Attempt of(Plan.Step step) {
        return new Attempt(
                0,
                step.gateway(),
                step.resume(),
                step.redirection(),
                NOBODY,
                step.unlessResumable());
    }

    /// A full exchange that is to begin.
    static Attempt inFull(int gateway, Redirection redirection) {
        return new Attempt(0, gateway, false, redirection, NOBODY, false);
    }

    private Attempt inFull() {
        return new Attempt(0, gateway, false, redirection, redirector, false);
    }

    private Attempt byResume() {
        return new Attempt(0, gateway, true, redirection, redirector, true);
    }

    /// The same at another gateway; the first one that has sent us away is kept in mind.
    Attempt redirectedTo(int target, Redirection sent) {
        return new Attempt(0, target, resume, sent, wasRedirected() ? redirector : gateway, false);
    }

    /// The same exchange, by another address of the gateway.
    Attempt by(int address) {
        return new Attempt(handle, address, resume, redirection, redirector, unlessResumable);
    }

    Attempt begun(long newHandle, boolean resumes) {
        // A resume that has nothing to present is a full exchange, and gives way no more.
        boolean givesWay = unlessResumable && resumes == resume;
        return new Attempt(newHandle, gateway, resumes, redirection, redirector, givesWay);
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
        Input.Initiate full =
                new Input.Initiate(handle, profile, path, redirection, unlessResumable);
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
        if (reason == CloseReason.RESUMABLE) {
            return byResume();
        }
        boolean gaveWay = resume && unlessResumable;
        if (gaveWay || (resume && !plan.isLookIn() && mayWorkInFull(reason))) {
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
                    RESUMABLE,
                    PEER_CRASHED,
                    INTERNAL_ERROR ->
                    false;
        };
    }
}
