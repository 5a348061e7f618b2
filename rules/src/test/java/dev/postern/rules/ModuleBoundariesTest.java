package dev.postern.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Who may know whom. A module `m` owns the package `dev.postern.m` and everything under it.
class ModuleBoundariesTest {
    private static final Set<String> GATEWAYS =
            Set.of(
                    "wire", "crypto", "ticket", "pki", "eap", "ike", "esp", "radius", "net",
                    "cluster", "grid", "host", "voucher");

    private static final Map<String, Set<String>> KNOWS =
            Map.ofEntries(
                    Map.entry("wire", Set.of()),
                    Map.entry("crypto", Set.of()),
                    Map.entry("net", Set.of()),
                    Map.entry("host", Set.of("net")),
                    Map.entry("ticket", Set.of("wire", "crypto")),
                    Map.entry("pki", Set.of("wire", "crypto")),
                    Map.entry("eap", Set.of("wire", "crypto")),
                    Map.entry("ike", Set.of("wire", "crypto", "ticket", "pki")),
                    Map.entry("esp", Set.of("crypto")),
                    Map.entry("radius", Set.of("wire", "crypto")),
                    Map.entry("cluster", Set.of("wire", "crypto", "ticket")),
                    Map.entry("grid", Set.of("wire", "crypto", "ticket", "cluster")),
                    Map.entry("voucher", Set.of("wire", "crypto", "pki", "ike")),
                    Map.entry(
                            "sim",
                            Set.of(
                                    "wire", "crypto", "ticket", "pki", "eap", "ike", "esp",
                                    "cluster", "voucher")),
                    Map.entry("gateway", GATEWAYS),
                    Map.entry("api", with(GATEWAYS, "gateway")),
                    Map.entry("cli", with(GATEWAYS, "gateway", "sim")),
                    Map.entry("bench", with(GATEWAYS, "gateway", "cli", "lab", "sim")),
                    Map.entry("lab", with(GATEWAYS, "gateway", "cli")),
                    Map.entry("fuzz", with(GATEWAYS, "gateway")),
                    Map.entry("rules", Set.of()));

    private static final Pattern OURS = Pattern.compile("dev\\.postern\\.(\\w+)\\b.*");

    @Test
    void everyModuleHasItsPlaceInTheTable() throws IOException {
        assertThat(KNOWS.keySet()).containsExactlyInAnyOrderElementsOf(Tree.here().modules());
    }

    @Test
    void noModuleKnowsMoreThanTheTableSays() throws IOException {
        List<String> violations = new ArrayList<>();
        for (String module : KNOWS.keySet()) {
            for (CompiledClass type : Tree.here().classes(module)) {
                violations.addAll(strangers(module, type));
            }
        }
        assertThat(violations).isEmpty();
    }

    @Test
    void aClassThatKnowsTheGatewayIsFound(@TempDir Path scratch) throws IOException {
        CompiledClass bad =
                new CompiledClass(
                        "dev.postern.ike.Bad", Set.of("dev.postern.gateway.Daemon.run()V"));
        assertThat(strangers("ike", bad)).hasSize(1);
        assertThat(strangers("cli", bad))
                .as("its own package does not belong to the module cli")
                .hasSize(1);
        assertThat(strangers("wire", Snippet.compile(scratch, "int a;"))).hasSize(1);
    }

    private static List<String> strangers(String module, CompiledClass type) {
        List<String> strangers = new ArrayList<>();
        if (!type.name().startsWith("dev.postern." + module + ".")) {
            strangers.add(type.name() + " is outside the package of its module " + module);
        }
        for (String mentioned : type.references()) {
            Matcher ours = OURS.matcher(mentioned);
            if (ours.matches()
                    && !ours.group(1).equals(module)
                    && !KNOWS.getOrDefault(module, Set.of()).contains(ours.group(1))) {
                strangers.add(type.name() + " in " + module + " mentions " + mentioned);
            }
        }
        return strangers;
    }

    private static Set<String> with(Set<String> modules, String... more) {
        List<String> all = new ArrayList<>(modules);
        all.addAll(List.of(more));
        return Set.copyOf(all);
    }
}
