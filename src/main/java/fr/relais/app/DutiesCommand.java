package fr.relais.app;

import fr.relais.Relais;
import fr.relais.duty.Duties;
import fr.relais.duty.Duty;
import picocli.CommandLine.Command;

/** The command {@code duties}. */
@Command(
        name = "duties",
        description = "Prints the clauses of the licence with their states: met, at-risk (until when), broken,"
                + " not-configured or not-applicable.")
class DutiesCommand extends RelaisCommand {

    @Override
    int run(Relais relais) {
        Duties.Reading duties = relais.duties().read();
        System.out.println(duties.profile().name());
        duties.duties().forEach(duty -> System.out.println(line(duty)));
        return 0;
    }

    private static String line(Duty duty) {
        return duty.clause().article() + " " + duty.state()
                + duty.breaksAt().map(at -> " until " + at).orElse("")
                + ": " + duty.clause().duty()
                + duty.clause()
                        .exemption()
                        .map(reason -> " (" + reason.reason() + ", " + reason.author() + ", " + reason.date() + ")")
                        .orElse("");
    }
}
