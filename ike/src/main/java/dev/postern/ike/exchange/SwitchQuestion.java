package dev.postern.ike.exchange;

import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Now;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.ike.sa.RequestWindow;
import dev.postern.ike.voucher.VoucherChain;
import dev.postern.ike.voucher.VoucherChain.Verdict;
import dev.postern.wire.GatewayList;
import dev.postern.wire.GatewaySwitch;
import dev.postern.wire.Octets;

import java.util.List;

/// A switch at the client, authentic and news, whose vouchers are being looked at; one at a time,
/// and everything else goes on. Nothing has changed yet.
///
/// @param askId the question that is open
/// @param failoverCount of a lost gateway's standby; 0 from a gateway that lives
/// @param expiresAt monotonic nanoseconds at which silence counts as no; the switch may come again
record SwitchQuestion(
        long askId,
        GatewaySwitch.Reason reason,
        GatewayList.Entry gateway,
        int failoverCount,
        long expiresAt) {
    static void begin(
            Turn turn,
            IkeSa sa,
            GatewaySwitch.Reason reason,
            GatewayList.Entry gateway,
            int failoverCount,
            List<Octets> tokens) {
        sa.relation()
                .vouching()
                .ask(
                        new SwitchQuestion(
                                turn.askBeside(sa, new Ask.VerifyVouchers(tokens)),
                                reason,
                                gateway,
                                failoverCount,
                                turn.now().nanos()
                                        + Ask.VOUCHER_PATIENCE_SECONDS * Now.NANOS_PER_SECOND));
    }

    /// The number of the open question; 0 for none.
    static long awaitedBy(IkeSa sa) {
        SwitchQuestion open = sa.relation().vouching().question();
        return open == null ? 0 : open.askId;
    }

    static long deadline(IkeSa sa) {
        SwitchQuestion open = sa.relation().vouching().question();
        return open == null ? RequestWindow.NEVER : open.expiresAt;
    }

    /// Gives up where nobody has answered.
    static void pass(Turn turn, IkeSa sa) {
        if (deadline(sa) <= turn.now().nanos()) {
            turn.table().takeAnswered(awaitedBy(sa));
            answered(turn, sa, new Answer.VouchersUnreadable("nobody has looked at them in time"));
        }
    }

    /// The one place where a switch changes something: its count is used up, and whoever decides
    /// where the client goes is told.
    static void answered(Turn turn, IkeSa sa, Answer.OfVouchers answer) {
        SwitchQuestion open = sa.relation().vouching().question();
        sa.relation().vouching().ask(null);
        EstablishedSession session = sa.session();
        if (open != null && session != null && sa.isEstablished()) {
            open.conclude(turn, sa, session, answer);
        }
    }

    private void conclude(
            Turn turn, IkeSa sa, EstablishedSession session, Answer.OfVouchers answer) {
        switch (answer) {
            case Answer.VouchersUnreadable(String why) -> refuse(turn, sa, why);
            case Answer.VouchersRead read -> {
                Verdict verdict =
                        VoucherChain.judge(
                                sa.relation().vouching().anchor(session),
                                gateway,
                                read.vouchers(),
                                turn.now().epochSeconds());
                switch (verdict) {
                    case Verdict.Refused(VoucherChain.Fault fault) ->
                            refuse(turn, sa, fault.words());
                    case Verdict.Trusted trusted -> {
                        if (failoverCount != 0) {
                            sa.relation().standby().raiseFailoverCount(failoverCount);
                        }
                        turn.count(Counter.SWITCHES_VERIFIED);
                        turn.emit(
                                new Event.SwitchOrdered(
                                        sa.handle(), reason, gateway, trusted.successor()));
                    }
                }
            }
        }
    }

    private void refuse(Turn turn, IkeSa sa, String why) {
        turn.count(Counter.REFUSED_VOUCHER);
        turn.emit(new Event.SwitchRefused(sa.handle(), GatewayList.text(gateway), why));
    }
}
