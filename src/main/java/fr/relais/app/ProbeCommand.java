package fr.relais.app;

import fr.relais.Relais;
import fr.relais.source.Account;
import picocli.CommandLine.Command;

/** The command {@code probe}. */
@Command(
        name = "probe",
        description = "Asks the source at once whether it accepts the account, even while the account is suspended."
                + " Exits with 0 if it does, otherwise with 1.")
class ProbeCommand extends RelaisCommand {

    @Override
    int run(Relais relais) {
        Account account = relais.account();
        account.allowProbe();
        relais.checkSource();
        System.out.println("The source answers; " + account.status() + ".");
        return 0;
    }
}
