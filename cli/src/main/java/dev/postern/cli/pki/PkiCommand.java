package dev.postern.cli.pki;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The group of commands about certificates.
@Command(
        name = "pki",
        description = {
            "Makes an authority, certificates for gateways, clients and members of a cluster, and"
                    + " revocation lists.",
            "",
            "  postern pki ca --name \"Example VPN\" --out ca",
            "  postern pki gateway --ca ca gw1.example.net 192.0.2.1",
            "  postern pki client --ca ca alice@example.net",
            "  postern pki member --ca cluster-ca gw-a.example",
            "  postern pki revoke --ca ca alice@example.net",
            "  postern pki crl --ca ca",
            "  postern pki show gw1.example.net.pem",
            "",
            "No file is ever overwritten but the list and the ledger of the authority."
        },
        subcommands = {
            CaCommand.class,
            GatewayCertificateCommand.class,
            ClientCertificateCommand.class,
            MemberCertificateCommand.class,
            RevokeCertificateCommand.class,
            CrlCommand.class,
            ShowCommand.class
        })
public final class PkiCommand implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "one of ca, gateway, client, member, revoke, crl and show is missing");
    }
}
