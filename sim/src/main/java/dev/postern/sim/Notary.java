package dev.postern.sim;

import dev.postern.crypto.InvalidKeyException;
import dev.postern.crypto.SecretBytes;
import dev.postern.crypto.SigningKey;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.HeldVouchers;
import dev.postern.ike.Input;
import dev.postern.ike.Succession;
import dev.postern.ike.voucher.Voucher;
import dev.postern.pki.Credentials;
import dev.postern.voucher.VoucherReader;
import dev.postern.voucher.VoucherSigner;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// The keys by which the gateways of a run vouch for each other, real ones, and a thief's. Ed25519
/// signs the same octets the same way every time.
final class Notary {
    /// Key pairs of RFC 8032 section 7.1; the last one is the thief's.
    private static final String[][] KEYS = {
        {
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
        },
        {
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
        },
        {
            "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
            "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf"
        },
        {
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"
        }
    };

    private static final String PRIVATE_PREFIX = "302e020100300506032b657004220420";
    private static final String PUBLIC_PREFIX = "302a300506032b6570032100";
    private static final int THIEF = KEYS.length - 1;
    private static final long LIFETIME_SECONDS = 86_400;

    private final List<VoucherSigner> signers = new ArrayList<>();
    private final int gateways;
    private final Addresses addresses;
    private final Dice dice;
    private final boolean vouching;
    private int thefts;

    Notary(Plan plan, Domain domain) {
        this.gateways = Math.min(plan.gateways(), THIEF);
        this.addresses = plan.terms().addresses();
        this.vouching = plan.alliance().vouching();
        this.dice = Dice.of(plan.seed(), "vouchers");
        for (int gateway = 0; gateway < THIEF; gateway++) {
            @Nullable Credentials credentials =
                    gateway < gateways ? domain.credentials(gateway) : null;
            // Whom a client knows by a certificate signs with the key of that.
            signers.add(
                    credentials == null
                            ? signer(KEYS[gateway][0], KEYS[gateway][1])
                            : VoucherSigner.of(credentials, true));
        }
        signers.add(signer(KEYS[THIEF][0], KEYS[THIEF][1]));
    }

    private static VoucherSigner signer(String secret, String point) {
        try (SecretBytes info =
                SecretBytes.owning(HexFormat.of().parseHex(PRIVATE_PREFIX + secret))) {
            byte[] publicInfo = HexFormat.of().parseHex(PUBLIC_PREFIX + point);
            PublicKey publicKey =
                    KeyFactory.getInstance("Ed25519")
                            .generatePublic(new X509EncodedKeySpec(publicInfo));
            return VoucherSigner.of(SigningKey.of(info), publicKey);
        } catch (InvalidKeyException | GeneralSecurityException e) {
            throw new IllegalStateException("a key of RFC 8032 is refused", e);
        }
    }

    static GatewayList.Address address(InetSocketAddress socket) {
        return new GatewayList.Address(
                Octets.of(socket.getAddress().getAddress()),
                socket.getPort() == Addresses.NAT_TRAVERSAL_PORT ? 0 : socket.getPort());
    }

    /// Tells a gateway that has started what it has signed; where nobody vouches there is nothing.
    void instruct(SimulatedGateway gateway) {
        if (vouching) {
            gateway.give(new Input.HoldVouchers(held(gateway.index(), gateway.seconds())));
        }
    }

    /// What a gateway has signed about the others; nothing where the run has too many for it.
    private HeldVouchers held(int gateway, long nowSeconds) {
        if (gateway >= gateways) {
            return HeldVouchers.NONE;
        }
        Map<GatewayList.Entry, List<Octets>> tokens = new HashMap<>();
        for (int other = 0; other < gateways; other++) {
            if (other != gateway) {
                tokens.put(
                        address(addresses.gateway(other)),
                        List.of(sign(gateway, gateway, other, nowSeconds)));
            }
        }
        return new HeldVouchers(tokens, signers.get(gateway).publicKey());
    }

    private Octets sign(int signer, int issuer, int successor, long nowSeconds) {
        return signers.get(signer).sign(voucher(issuer, successor, Domain.NAME, nowSeconds), dice);
    }

    private Voucher voucher(int issuer, int successor, String domain, long nowSeconds) {
        return new Voucher(
                Domain.gatewayIdentity(issuer),
                domain,
                Domain.gatewayIdentity(successor),
                List.of(
                        address(
                                successor == THIEF
                                        ? addresses.attacker()
                                        : addresses.gateway(successor))),
                signers.get(successor).thumbprint(),
                Octets.EMPTY,
                nowSeconds,
                nowSeconds - 300,
                nowSeconds + LIFETIME_SECONDS,
                Octets.of(dice.octets(16)).hex());
    }

    /// How a gateway stands in for a lost one that has signed for it.
    Succession succession(int lost, int successor, long nowSeconds) {
        return succession(addresses.gateway(successor), sign(lost, lost, successor, nowSeconds));
    }

    /// How somebody outside the domain would, each time with the next forgery.
    Succession theft(int lost, long nowSeconds) {
        int other = (lost + 1) % gateways;
        Forgery forgery = Forgery.values()[thefts++ % Forgery.values().length];
        return succession(
                addresses.attacker(),
                switch (forgery) {
                    case HIS_OWN_WORD -> sign(THIEF, lost, THIEF, nowSeconds);
                    case A_KEY_THAT_IS_NOT_HIS ->
                            signer(KEYS[THIEF][0], KEYS[lost][1])
                                    .sign(voucher(lost, THIEF, Domain.NAME, nowSeconds), dice);
                    case A_VOUCHER_FOR_ANOTHER -> sign(lost, lost, other, nowSeconds);
                    case A_VOUCHER_OF_ANOTHER_DOMAIN ->
                            signers.get(lost)
                                    .sign(
                                            voucher(lost, THIEF, "elsewhere.example", nowSeconds),
                                            dice);
                    case A_VOUCHER_OF_FORMER_TIMES ->
                            sign(lost, lost, THIEF, nowSeconds - 2 * LIFETIME_SECONDS);
                });
    }

    /// What somebody shows who was never vouched for, or is not any more.
    private enum Forgery {
        HIS_OWN_WORD,
        A_KEY_THAT_IS_NOT_HIS,
        A_VOUCHER_FOR_ANOTHER,
        A_VOUCHER_OF_ANOTHER_DOMAIN,
        A_VOUCHER_OF_FORMER_TIMES
    }

    private static Succession succession(InetSocketAddress socket, Octets token) {
        return new Succession(List.of(address(socket)), List.of(socket), List.of(token));
    }

    static Answer.OfVouchers read(Ask.VerifyVouchers ask, long nowSeconds) {
        return VoucherReader.read(ask.tokens(), nowSeconds);
    }
}
