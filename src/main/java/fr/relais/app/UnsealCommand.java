package fr.relais.app;

import fr.relais.Relais;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command {@code unseal}. */
@Command(
        name = "unseal",
        description = "Opens a sealed mirror again, for a licence that you have accepted again. The service then sweeps"
                + " and shows offers. Exits with 0 (done) or 1 (failed or not confirmed).")
class UnsealCommand extends RelaisCommand {

    @Mixin
    private Confirmation confirmation;

    @Override
    int run(Relais relais) {
        confirmation.require(
                "unseal",
                "lets Relais fetch and show offers again",
                relais.wipe().schema());
        relais.seal().open(System.getProperty("user.name"));
        System.out.println("The mirror is open. The next sweep brings it up to date.");
        return 0;
    }
}
