package fr.relais.app;

import fr.relais.Relais;
import fr.relais.wipe.Wipe;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command {@code wipe}. */
@Command(
        name = "wipe",
        description = "Seals the mirror and removes all offers, views and keys, at the end of the licence. Keeps the"
                + " ledger. An interrupted wipe is continued by the next one. Exits with 0 (done) or 1 (failed"
                + " or not confirmed).")
class WipeCommand extends RelaisCommand {

    @Mixin
    private Confirmation confirmation;

    @Override
    int run(Relais relais) throws InterruptedException {
        Wipe wipe = relais.wipe();
        List<String> unsent = wipe.unsentReports();
        if (!unsent.isEmpty()) {
            System.out.println("These months have views that were not reported, and can no longer be reported after"
                    + " the wipe: " + String.join(", ", unsent));
        }
        confirmation.require("wipe", "removes all offers, views and keys", wipe.schema());
        Wipe.Result result = wipe.run(System.getProperty("user.name"), System.out::println);
        System.out.println("Wiped: " + describe(result));
        System.out.println("The mirror stays sealed. These are left for you:");
        result.remaining().forEach(place -> System.out.println("- " + place));
        return 0;
    }

    private static String describe(Wipe.Result result) {
        return result.deleted().isEmpty()
                ? "there was nothing to delete"
                : String.join(
                        ", ",
                        result.deleted().entrySet().stream()
                                .map(entry -> entry.getKey() + " " + entry.getValue())
                                .toList());
    }
}
