package dev.postern.ike.states;

import dev.postern.ike.Input;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.wire.ExchangeType;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// An IKE SA in each of its states.
final class Situations {
    private Situations() {}

    /// A fresh IKE SA for each state, in the order of an IKE SA's life.
    static Map<String, Supplier<Situation>> all() {
        Map<String, Supplier<Situation>> all = new LinkedHashMap<>();
        addInitiators(all);
        addResponders(all);
        addResting(all);
        addSettled(all);
        return all;
    }

    private static void addInitiators(Map<String, Supplier<Situation>> all) {
        all.put("SaInitInitiator", () -> new Stage().client(ExchangeType.IKE_SA_INIT));
        all.put(
                "IntermediateInitiator",
                () -> new Stage().hybrid().client(ExchangeType.IKE_INTERMEDIATE));
        all.put("AuthInitiator", () -> new Stage().client(ExchangeType.IKE_AUTH));
        all.put("AwaitingPeer", () -> new Stage().eap().unansweredEap(true));
        all.put("AwaitingRequest", () -> new Stage().eap().eapWithout(2, true));
        all.put("AwaitingGatewayAuth", () -> new Stage().eap().eapWithout(4, true));
        all.put(
                "ResumeInitiator",
                () -> new Stage().resuming(ExchangeType.IKE_SESSION_RESUME_1RTT));
        all.put(
                "OpaqueResumeInitiator",
                () -> new Stage().opaque().resuming(ExchangeType.IKE_SESSION_RESUME));
    }

    private static void addResponders(Map<String, Supplier<Situation>> all) {
        all.put("HalfOpen", () -> new Stage().gateway(ExchangeType.IKE_AUTH));
        all.put("Refused", () -> new Stage().refused());
        all.put("AwaitingServer", () -> new Stage().eap().unansweredEap(false));
        all.put("AwaitingResponse", () -> new Stage().eap().eapWithout(2, false));
        all.put("AwaitingAuth", () -> new Stage().eap().eapWithout(4, false));
    }

    private static void addResting(Map<String, Supplier<Situation>> all) {
        all.put("AwaitingLease", () -> new Stage().unleased());
        all.put("AwaitingLease, of a resume", () -> new Stage().unleasedResume());
        all.put("AwaitingRevocation", () -> new Stage().unaskedOfRevocation());
        all.put("AwaitingStore", () -> new Stage().byReference().unstored());
        all.put("AwaitingSession", () -> new Stage().byReference().unfetched());
        all.put("AwaitingSwitchCount", () -> new Stage().byReference().unraised());
        all.put("AwaitingOpening", () -> new Stage().served().unopened());
        all.put("AwaitingSealing", () -> new Stage().served().unsealed());
        all.put("Provisional", () -> new Stage().provisional());
    }

    private static void addSettled(Map<String, Supplier<Situation>> all) {
        all.put("Established, at the client", () -> new Stage().established(true));
        all.put("Established, at the gateway", () -> new Stage().established(false));
        all.put(
                "Established, while it probes",
                () -> new Stage().during(new Input.Probe(1, RetransmissionSchedule.QUICK)));
        all.put(
                "Established, while it rekeys the IKE SA",
                () -> new Stage().during(new Input.RekeyIkeSa(1)));
        all.put(
                "Established, while it rekeys a Child SA",
                () -> new Stage().duringRekeyingOfAChildSa());
        all.put("Unadopted, the peer has not seen our request", () -> new Stage().rival(false));
        all.put("Unadopted, and it will go", () -> new Stage(Stage.SEED).rival(true));
        all.put("Unadopted, and it will stay", () -> new Stage(Stage.OTHER_SEED).rival(true));
        all.put("Replaced, at who rekeyed", () -> new Stage().replaced(true));
        all.put("Replaced, at its peer", () -> new Stage().replaced(false));
        all.put("Restored", () -> new Stage().restored());
        all.put("Deleting", () -> new Stage().during(new Input.Close(1, false)));
        all.put("Closed", () -> new Stage().closed());
    }
}
