package dev.postern.gateway.daemon;

import dev.postern.gateway.aaa.Aaa;
import dev.postern.gateway.configuration.EapSettings;
import dev.postern.gateway.configuration.GatewayConfiguration;
import dev.postern.gateway.configuration.Profile;
import dev.postern.gateway.revocation.RevocationNews;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/// The EAP server of each profile: in this process, or behind RADIUS.
final class ProfileEap {
    private ProfileEap() {}

    /// @param aaa null only where no profile asks RADIUS servers
    static EapServers of(
            GatewayConfiguration configuration, @Nullable Aaa aaa, RevocationNews news) {
        Map<String, EapServers> servers = new HashMap<>();
        String name = configuration.identity().toString();
        for (Profile profile : configuration.profiles()) {
            EapSettings settings = profile.eap();
            if (settings != null && profile.asksRadius() && aaa != null) {
                servers.put(
                        profile.name(),
                        (ask, answer) ->
                                aaa.authentication().next(ask, settings.asksIdentity(), answer));
            } else if (settings != null && !profile.asksRadius()) {
                servers.put(
                        profile.name(),
                        LocalEapServer.of(settings, name, new SystemEntropy(), news));
            }
        }
        return EapServers.of(servers);
    }
}
