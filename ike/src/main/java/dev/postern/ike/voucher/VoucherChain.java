package dev.postern.ike.voucher;

import dev.postern.wire.GatewayList;
import dev.postern.wire.Identity;

import java.util.List;

/// Judges the vouchers that came with a switch: one of the gateway that the client knows for the
/// one that it is sent to, or up to three, each signed by whom the one before it names.
public final class VoucherChain {
    /// No message brings more.
    public static final int LONGEST = 3;

    /// No token is longer.
    public static final int LONGEST_TOKEN = 4_096;

    /// What becomes of them.
    public sealed interface Verdict {
        /// @param successor who may answer there
        /// @param gateway where
        record Trusted(Identity successor, GatewayList.Entry gateway) implements Verdict {}

        record Refused(Fault fault) implements Verdict {}
    }

    /// What stands against them; `words` are for people.
    public enum Fault {
        NONE("there is no voucher"),
        TOO_MANY("there are more than 3 vouchers"),
        UNREADABLE("a voucher's signature, type or form is wrong"),
        UNKNOWN_SIGNER("no voucher was signed by the gateway that we know"),
        BROKEN_CHAIN("a voucher was not signed by whom the one before it names"),
        OTHER_ISSUER("the vouchers do not come from the gateway of this session"),
        OTHER_DOMAIN("a voucher is of another secure domain"),
        NOT_YET_VALID("a voucher is not valid yet"),
        EXPIRED("a voucher has expired"),
        OTHER_SUCCESSOR("the last voucher is not about the gateway that we are sent to");

        private final String words;

        Fault(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    private VoucherChain() {}

    /// @param anchor what is known of the gateway of the IKE SA that the message came under
    /// @param target where the message sends us
    /// @param vouchers of the message, in its order
    public static Verdict judge(
            VoucherAnchor anchor,
            GatewayList.Entry target,
            List<SignedVoucher> vouchers,
            long nowSeconds) {
        if (vouchers.isEmpty()) {
            return new Verdict.Refused(Fault.NONE);
        }
        if (vouchers.size() > LONGEST) {
            return new Verdict.Refused(Fault.TOO_MANY);
        }
        int first = 0;
        while (first < vouchers.size() && !anchor.hasSigned(vouchers.get(first))) {
            // Whoever sends them does not know which gateway the client knows.
            first++;
        }
        if (first == vouchers.size()) {
            return new Verdict.Refused(Fault.UNKNOWN_SIGNER);
        }
        return judgeLinks(anchor, target, vouchers.subList(first, vouchers.size()), nowSeconds);
    }

    private static Verdict judgeLinks(
            VoucherAnchor anchor,
            GatewayList.Entry target,
            List<SignedVoucher> links,
            long nowSeconds) {
        for (int i = 0; i < links.size(); i++) {
            Voucher voucher = links.get(i).voucher();
            if (i > 0 && !follows(links.get(i - 1).voucher(), links.get(i))) {
                return new Verdict.Refused(Fault.BROKEN_CHAIN);
            }
            if (!voucher.domain().equals(anchor.domain())) {
                return new Verdict.Refused(Fault.OTHER_DOMAIN);
            }
            if (nowSeconds < voucher.notBefore()) {
                return new Verdict.Refused(Fault.NOT_YET_VALID);
            }
            if (nowSeconds >= voucher.expiresAt()) {
                return new Verdict.Refused(Fault.EXPIRED);
            }
        }
        SignedVoucher first = links.getFirst();
        if (VoucherAnchor.isSame(anchor.key(), first.signerKey())
                && !first.voucher().issuer().equals(anchor.gateway())) {
            // A certificate may be that of a gateway that the session has left since.
            return new Verdict.Refused(Fault.OTHER_ISSUER);
        }
        Voucher last = links.getLast().voucher();
        return last.addresses().contains(target)
                ? new Verdict.Trusted(last.successor(), target)
                : new Verdict.Refused(Fault.OTHER_SUCCESSOR);
    }

    private static boolean follows(Voucher before, SignedVoucher next) {
        return before.successor().equals(next.voucher().issuer())
                && (VoucherAnchor.isSame(before.successorKey(), next.signerKey())
                        || VoucherAnchor.isSame(
                                before.successorCertificate(), next.signerCertificate()));
    }
}
