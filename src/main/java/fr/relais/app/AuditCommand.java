package fr.relais.app;

import fr.relais.ledger.Anchor;
import fr.relais.ledger.Verification;
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
            description =
                    "Checks every entry of the ledger. Exits with 0 (intact) or 1 (the first wrong entry is named).")
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
                Verification verification =
                        RelaisApplication.relais(context).ledger().verify(Optional.ofNullable(known));
                verification
                        .fault()
                        .ifPresentOrElse(
                                System.err::println,
                                () -> System.out.println(
                                        "The ledger is intact. Its last entry is " + verification.head() + "."));
                return verification.isIntact() ? 0 : 1;
            }
        }
    }
}
