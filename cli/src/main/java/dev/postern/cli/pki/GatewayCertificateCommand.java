package dev.postern.cli.pki;

import dev.postern.pki.issue.Extension;
import dev.postern.wire.Identity;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// Makes a gateway's certificate.
@Command(
        name = "gateway",
        description =
                "Makes a gateway's key and certificate. The first name is what the gateway calls"
                        + " itself, its identity; clients accept it under each of them.")
final class GatewayCertificateCommand implements Callable<Integer> {
    @Mixin private LeafOptions options = new LeafOptions();

    @Parameters(
            arity = "1..*",
            paramLabel = "NAME",
            converter = Words.IdentityConverter.class,
            description = "Its names: host names and IP addresses.")
    private List<Identity> names = new ArrayList<>();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        return Work.carryOut(
                spec,
                out ->
                        new Leaf(
                                        options,
                                        names,
                                        List.of(Extension.Purpose.SERVER, Extension.Purpose.IKE))
                                .make(out, "[profile.NAME.certificates]"));
    }
}
