package dev.postern.ike.robustness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.ike.sa.KeyLogEntry;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.standby.StandbyRecord;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Keys are in no text that we make and in no datagram, and they are wiped when they have served.
class SecretsTest {
    private final World world = new World(51);
    private final GatewaySettings aSettings = new GatewaySettings('a');
    private final GatewaySettings bSettings = new GatewaySettings('b');
    private final ClientSettings settings = new ClientSettings();
    private final List<byte[]> secrets = new ArrayList<>();

    private List<Node> aLife(boolean logsKeys) {
        aSettings.logsKeys = logsKeys;
        bSettings.logsKeys = logsKeys;
        settings.logsKeys = logsKeys;
        settings.resumption = Suites.ONE_ROUND_TRIP_WITH_KE;
        Node a = world.add(aSettings);
        Node b = world.add(bSettings);
        Node client = world.add(settings);
        client.initiate(1, settings.profile(), a);
        world.settle();
        ResumableSession ticket = client.lastTicket();
        client.resume(2, settings.profile(), b, ticket);
        world.settle();
        secrets.add(settings.preSharedKey.expose());
        for (Node node : List.of(a, b, client)) {
            node.effects().forEach(this::collect);
        }
        return List.of(a, b, client);
    }

    private void collect(Effect effect) {
        switch (effect) {
            case Effect.InstallChildSa install -> {
                add(install.installation().inboundKey());
                add(install.installation().outboundKey());
            }
            case Effect.LogKeys log -> {
                switch (log.entry()) {
                    case KeyLogEntry.IkeKeysEntry ike -> {
                        add(ike.skEi());
                        add(ike.skEr());
                    }
                    case KeyLogEntry.EspKeyEntry esp -> add(esp.key());
                }
            }
            case Effect.Emit emit -> {
                if (emit.event() instanceof Event.TicketReceived received) {
                    add(received.session().session().secret());
                }
            }
            case Effect.KeepRecord(StandbyRecord record) -> {
                add(record.ikeKeys());
                add(record.session().secret());
                record.childSas().forEach(child -> add(child.keys()));
            }
            case Effect.KeepCounters _, Effect.ForgetRecord _, Effect.SkipSequences _ -> {}
            case Effect.Send _,
                    Effect.ActivateChildSa _,
                    Effect.MoveChildSa _,
                    Effect.RemoveChildSa _,
                    Effect.Raise _ -> {}
        }
    }

    private void add(SecretBytes secret) {
        if (secret.length() > 0) {
            secrets.add(secret.expose().clone());
        }
    }

    @Test
    void noTextOfAnyEffectEventOrConfigurationHoldsAKey() {
        List<String> texts = new ArrayList<>();
        for (Node node : aLife(true)) {
            for (Effect effect : node.effects()) {
                texts.add(effect.toString());
                if (effect instanceof Effect.Emit emit) {
                    texts.add(emit.event().toString());
                }
                if (effect instanceof Effect.InstallChildSa install) {
                    ChildSaInstallation installation = install.installation();
                    texts.add(installation.toString());
                }
            }
        }
        texts.add(settings.profile().toString());
        texts.add(aSettings.profile().toString());
        texts.add(aSettings.configuration().toString());
        texts.add(new Input.Initiate(1, settings.profile(), path()).toString());
        assertThat(secrets).hasSizeGreaterThan(12);
        for (String text : texts) {
            for (byte[] secret : secrets) {
                assertThat(text)
                        .doesNotContain(HexFormat.of().formatHex(secret))
                        .doesNotContain(HexFormat.of().formatHex(secret, 0, 12))
                        .doesNotContain(new String(secret, StandardCharsets.ISO_8859_1))
                        .doesNotContain(java.util.Arrays.toString(secret));
            }
        }
    }

    private static dev.postern.ike.Path path() {
        return new dev.postern.ike.Path(
                dev.postern.ike.world.Net.port4500(dev.postern.ike.world.Net.ip(1, 2, 3, 4)),
                dev.postern.ike.world.Net.port4500(dev.postern.ike.world.Net.ip(1, 2, 3, 5)),
                true);
    }

    @Test
    void noDatagramHoldsAKey() {
        aLife(true);
        for (Datagram datagram : world.carried()) {
            String hex = HexFormat.of().formatHex(datagram.octets());
            for (byte[] secret : secrets) {
                assertThat(hex).doesNotContain(HexFormat.of().formatHex(secret));
            }
        }
    }

    @Test
    void keysAreLoggedOnlyWhereTheConfigurationSaysSo() {
        for (Node node : aLife(false)) {
            assertThat(node.effects()).noneMatch(effect -> effect instanceof Effect.LogKeys);
        }
    }
}
