package dev.postern.cli.pki;

import dev.postern.pki.UnreadableException;
import dev.postern.pki.issue.Extension;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/// Makes the certificate of a member of a cluster. Members call each other, so that it is for both
/// sides of TLS.
@Command(
        name = "member",
        description =
                "Makes the key and certificate by which a gateway joins its cluster. The name is"
                        + " that of its [[cluster.member]]. The authority should sign nothing"
                        + " else.")
final class MemberCertificateCommand implements Callable<Integer> {
    @Mixin private LeafOptions options = new LeafOptions();

    @Parameters(
            paramLabel = "NODE",
            converter = Words.IdentityConverter.class,
            description = "Its name, a host name.")
    private @Nullable Identity node;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        return Work.carryOut(spec, this::make);
    }

    private void make(PrintWriter out) throws PkiFailure, UnreadableException, IOException {
        Identity name = Objects.requireNonNull(node);
        if (name.type() != Identity.FQDN) {
            throw new PkiFailure(
                    name
                            + " cannot name a member of a cluster; wanted is a host name, the node"
                            + " of its [[cluster.member]]");
        }
        if (options.encrypted) {
            throw new PkiFailure(
                    "[cluster] takes a private key that no passphrase protects: leave --encrypt-key"
                            + " out");
        }
        new Leaf(
                        options,
                        List.of(name),
                        List.of(Extension.Purpose.SERVER, Extension.Purpose.CLIENT))
                .make(out, "[cluster]");
    }
}
