package fr.relais.app;

import fr.relais.Relais;
import java.util.concurrent.Callable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code unseal}. */
@Command(
        name = "unseal",
        description = "Opens a sealed mirror again, for a licence that you have accepted again. The service then sweeps"
                + " and shows offers. Exits with 0 (done) or 1 (failed or not confirmed).")
class UnsealCommand implements Callable<Integer> {

    @Mixin
    private SpringArguments arguments;

    @Option(
            names = "--confirm",
            paramLabel = "SCHEMA",
            description = "The name of the database schema, for scripts. Without this option, you type the name.")
    private String confirmation;

    @Override
    public Integer call() {
        try (ConfigurableApplicationContext context =
                RelaisApplication.forCommand().run(arguments.get())) {
            Relais relais = RelaisApplication.relais(context);
            Confirmation.require(
                    "unseal",
                    "lets Relais fetch and show offers again",
                    relais.wipe().schema(),
                    confirmation);
            relais.seal().open(System.getProperty("user.name"));
            System.out.println("The mirror is open. The next sweep brings it up to date.");
            return 0;
        }
    }
}
