package dev.postern.ike.states;

import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Effect;
import dev.postern.ike.Input;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.ike.states.Situation.Ordered;
import dev.postern.ike.world.Node;
import dev.postern.pki.RevocationEvidence;
import dev.postern.wire.EapPacket;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// What can come to an IKE SA beside forged messages: its peer's messages, those that are made up,
/// the answers to its questions, and orders.
final class Inputs {
    private Inputs() {}

    /// In the order of the page. Each gives null in a situation where there is no such input.
    static Map<String, Function<Situation, @Nullable Input>> all() {
        Map<String, Function<Situation, @Nullable Input>> all = new LinkedHashMap<>();
        all.put("the peer's next message of this exchange", Situation::next);
        all.put("the peer's last message again", Situation::again);
        ofPeer().forEach((name, order) -> all.put(name, s -> s.afterPeer(order)));
        all.put("the answer to its question", s -> answer(s, s.node()::answerTo));
        all.put("an answer that refuses", s -> answer(s, Inputs::refusal));
        all.put("an ESP packet of the peer", Inputs::espPacket);
        all.putAll(MadeMessages.all());
        orders().forEach((name, order) -> all.put(name, s -> order.of(s.node(), s.handle())));
        all.putAll(Orders.all());
        all.put("an answer that nobody asked for", _ -> unasked());
        return all;
    }

    /// Requests that the peer makes of its own accord.
    private static Map<String, Ordered> ofPeer() {
        Map<String, Ordered> orders = new LinkedHashMap<>();
        orders.put("the peer's empty INFORMATIONAL", (_, handle) -> probe(handle));
        orders.put("the peer's rekeying of the IKE SA", (_, handle) -> rekey(handle));
        orders.put("the peer's rekeying of a Child SA", Inputs::rekeyChild);
        orders.put("the peer's Delete of a Child SA", Inputs::closeChild);
        orders.put("the peer's request for a ticket", Inputs::askForTicket);
        orders.put(
                "the peer's request for a further Child SA", (_, handle) -> Orders.create(handle));
        orders.put("the peer's news of another address", Orders::moved);
        orders.put("the peer's order to go elsewhere", (_, handle) -> Orders.redirect(handle));
        orders.put("the peer's parking", (_, handle) -> new Input.Park(handle));
        orders.put("the peer's Delete", (_, handle) -> new Input.Close(handle, false));
        return orders;
    }

    private static Map<String, Ordered> orders() {
        Map<String, Ordered> orders = new LinkedHashMap<>();
        orders.put("probe", (_, handle) -> probe(handle));
        orders.put("rekey the IKE SA", (_, handle) -> rekey(handle));
        orders.put("rekey a Child SA", Inputs::rekeyChild);
        orders.put("create a further Child SA", (_, handle) -> Orders.create(handle));
        orders.put("close a Child SA", Inputs::closeChild);
        orders.put("ask for a ticket", (_, handle) -> new Input.AskForTicket(handle));
        orders.put("park", (_, handle) -> new Input.Park(handle));
        orders.put("close", (_, handle) -> new Input.Close(handle, false));
        orders.put("close silently", (_, handle) -> new Input.Close(handle, true));
        orders.put("stand down", (_, _) -> new Input.StandDown());
        return orders;
    }

    private static Input probe(long handle) {
        return new Input.Probe(handle, RetransmissionSchedule.QUICK);
    }

    private static Input rekey(long handle) {
        return new Input.RekeyIkeSa(handle);
    }

    private static @Nullable Input rekeyChild(Node node, long handle) {
        return installed(node, handle) == 0
                ? null
                : new Input.RekeyChildSa(installed(node, handle));
    }

    private static @Nullable Input closeChild(Node node, long handle) {
        return installed(node, handle) == 0
                ? null
                : new Input.CloseChildSa(installed(node, handle));
    }

    private static @Nullable Input askForTicket(Node node, long handle) {
        return handle < 0 ? null : new Input.AskForTicket(handle);
    }

    private static @Nullable Input espPacket(Situation situation) {
        int spi = installed(situation.node(), situation.handle());
        return spi == 0 ? null : new Input.PacketVerified(spi);
    }

    /// The inbound SPI of the newest Child SA of this name; 0 for none.
    static int installed(Node node, long handle) {
        List<ChildSaInstallation> installed =
                node.installed().stream().filter(each -> each.handle() == handle).toList();
        return installed.isEmpty() ? 0 : installed.getLast().inboundSpi();
    }

    private static @Nullable Input answer(
            Situation situation, Function<Ask, @Nullable Answer> said) {
        Effect.Raise question = situation.asked();
        Answer answer = question == null ? null : said.apply(question.ask());
        return question == null || answer == null
                ? null
                : new Input.Answered(question.askId(), answer);
    }

    /// A question of nobody's has no number.
    private static Input unasked() {
        return new Input.Answered(999, new Answer.AddressesRefused());
    }

    private static Answer refusal(Ask question) {
        return switch (question) {
            case Ask.LeaseAddresses _ -> new Answer.AddressesRefused();
            case Ask.EapToServer _ ->
                    new Answer.EapFailed(EapPacket.failure(0).encode(), "unknown to the server");
            case Ask.EapToPeer _ -> new Answer.EapFailed(Octets.EMPTY, "not the server it was");
            case Ask.LookUpGateways _ -> new Answer.GatewaysNotFound("no such name");
            case Ask.LookUpRevocation _ -> new Answer.RevocationFound(RevocationEvidence.NONE);
            case Ask.StoreSession _ -> new Answer.SessionNotStored();
            case Ask.FetchSession _ -> new Answer.SessionUnknown();
            case Ask.RaiseSwitchCount _ -> new Answer.SwitchCountTaken();
            case Ask.DropSession _ -> new Answer.StoreUnavailable();
            case Ask.VerifyVouchers _ -> new Answer.VouchersUnreadable("no voucher");
            case Ask.OfTicketService _ -> new Answer.TicketRefused("not a ticket of ours");
        };
    }
}
