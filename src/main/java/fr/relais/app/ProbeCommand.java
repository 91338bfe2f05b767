package fr.relais.app;

import fr.relais.Relais;
import fr.relais.source.Account;
import java.util.concurrent.Callable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command {@code probe}. */
@Command(
        name = "probe",
        description = "Asks the source at once whether it accepts the account, even while the account is suspended."
                + " Exits with 0 if it does, otherwise with 1.")
class ProbeCommand implements Callable<Integer> {

    @Mixin
    private SpringArguments arguments;

    @Override
    public Integer call() {
        try (ConfigurableApplicationContext context =
                RelaisApplication.forCommand().run(arguments.get())) {
            Relais relais = RelaisApplication.relais(context);
            Account account = relais.account();
            account.allowProbe();
            relais.checkSource();
            System.out.println("The source answers; " + account.status() + ".");
            return 0;
        }
    }
}
