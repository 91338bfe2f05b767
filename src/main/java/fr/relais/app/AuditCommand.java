package fr.relais.app;

import fr.relais.Relais;
import fr.relais.ledger.Anchor;
import fr.relais.ledger.Verification;
import fr.relais.sweep.MirrorCheck;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The command {@code audit}. */
@Command(
        name = "audit",
        description = "Checks the evidence that Relais keeps for an audit.",
        subcommands = {AuditCommand.Verify.class})
class AuditCommand {

    /** Adds the option {@code --help}. */
    @Mixin
    private SpringArguments arguments;

    @Command(
            name = "verify",
            description = "Checks every entry of the ledger, and compares the mirror with the certificate of the last"
                    + " proved sweep. Exits with 0 (intact) or 1 (the first wrong entry is named, or the mirror"
                    + " differs).")
    static class Verify implements Callable<Integer> {

        @Parameters(
                arity = "0..1",
                paramLabel = "NUMBER:SHA256",
                description = "An entry that a monthly mail or the published changelog names. The ledger must have it.")
        private Anchor known;

        @Mixin
        private SpringArguments arguments;

        @Override
        public Integer call() {
            try (ConfigurableApplicationContext context =
                    RelaisApplication.forCommand().run(arguments.get())) {
                Relais relais = RelaisApplication.relais(context).overPipeline();
                Verification verification = relais.ledger().verify(Optional.ofNullable(known));
                verification
                        .fault()
                        .ifPresentOrElse(
                                System.err::println,
                                () -> System.out.println(
                                        "The ledger is intact. Its last entry is " + verification.head() + "."));
                MirrorCheck mirror = relais.certificates().verifyMirror();
                (mirror.isIntact() ? System.out : System.err).println(mirror);
                return verification.isIntact() && mirror.isIntact() ? 0 : 1;
            }
        }
    }
}
