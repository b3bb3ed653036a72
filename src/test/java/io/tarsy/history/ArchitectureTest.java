package io.tarsy.history;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import jakarta.ejb.Stateless;
import jakarta.persistence.Entity;
import java.util.Set;
import javax.sql.DataSource;
import org.eclipse.microprofile.health.Liveness;

/** The walls of the house. A rule that is broken once is discussed; a rule that is broken often is changed. */
@AnalyzeClasses(packages = "io.tarsy.history", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String HOUSE = "io.tarsy.history";
    private static final Set<String> FEATURES =
            Set.of("ingest", "search", "statistics", "retention", "transfer", "live", "ops");
    private static final Set<String> COMMANDS = Set.of("ImportCommand", "ServerSettings", "TransferCommand");

    @ArchTest
    static final ArchRule arrowsPointDown = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .optionalLayer("features")
            .definedBy(
                    "..history.ingest..",
                    "..history.search..",
                    "..history.statistics..",
                    "..history.retention..",
                    "..history.transfer..",
                    "..history.live..",
                    "..history.ops..")
            .optionalLayer("session")
            .definedBy("..history.session..")
            .optionalLayer("database")
            .definedBy("..history.database..")
            .optionalLayer("http")
            .definedBy("..history.http..")
            .optionalLayer("metrics")
            .definedBy("..history.metrics..")
            .optionalLayer("config")
            .definedBy("..history.config..")
            .whereLayer("features")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("session")
            .mayOnlyBeAccessedByLayers("features")
            .whereLayer("database")
            .mayOnlyBeAccessedByLayers("features", "session")
            .whereLayer("http")
            .mayOnlyBeAccessedByLayers("features", "session", "database")
            .whereLayer("metrics")
            .mayOnlyBeAccessedByLayers("features", "session", "database", "http")
            .whereLayer("config")
            .mayOnlyBeAccessedByLayers("features", "session", "database", "http");

    /** By what it reaches, however many steps away. */
    @ArchTest
    static final ArchRule r7LivenessNeverAsksTheDatabase = noClasses()
            .that()
            .areAnnotatedWith(Liveness.class)
            .should()
            .transitivelyDependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..", "jakarta.persistence..");

    @ArchTest
    static final ArchRule nobodyBelowKnowsTheRoot = noClasses()
            .that()
            .resideInAPackage(HOUSE + ".*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(HOUSE)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule featuresKeepApart = slices().matching(HOUSE + ".(*)..")
            .that(describe("are features", slice -> FEATURES.contains(slice.getNamePart(1))))
            .should()
            .notDependOnEachOther()
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule noRoomIsPartOfACycle =
            slices().matching(HOUSE + ".(*)..").should().beFreeOfCycles().allowEmptyShould(true);

    @ArchTest
    static final ArchRule onlyResourcesAndHttpSpeakHttp = noClasses()
            .that()
            .haveSimpleNameNotEndingWith("Resource")
            .and(describe("do not belong to a resource", type -> !ownedByResource(type)))
            .and()
            .resideOutsideOfPackages("..history.http..", HOUSE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jakarta.ws.rs..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule onlyDatabaseKnowsTheDrivers = noClasses()
            .that()
            .resideOutsideOfPackage("..history.database..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.sqlite..", "org.postgresql..", "org.eclipse.persistence..", "org.flywaydb..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule aServiceIsATransaction = classes()
            .that()
            .haveSimpleNameEndingWith("Service")
            .should()
            .beAnnotatedWith(Stateless.class)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule entitiesStayAtHome = classes()
            .that()
            .areAnnotatedWith(Entity.class)
            .should()
            .notBePublic()
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule oneWayToLog = noClasses()
            .that(describe("are not data sources, whose interface names one", ArchitectureTest::isNoDataSource))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.util.logging..", "org.slf4j..", "org.apache.logging..");

    @ArchTest
    static final ArchRule onlyCommandsUseStandardStreams = noClasses()
            .that(describe("are not commands", type -> !COMMANDS.contains(outermost(type))))
            .should(ACCESS_STANDARD_STREAMS);

    @ArchTest
    static final ArchRule namesSayWhatItIs =
            noClasses().should(be(describe("named after its role in a pattern", ArchitectureTest::namedAfterAPattern)));

    private static boolean isNoDataSource(JavaClass type) {
        return !type.isAssignableTo(DataSource.class);
    }

    private static String outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type.getSimpleName());
    }

    private static boolean ownedByResource(JavaClass type) {
        return type.getEnclosingClass()
                .map(owner -> owner.getSimpleName().endsWith("Resource"))
                .orElse(false);
    }

    private static boolean namedAfterAPattern(JavaClass type) {
        // an entity manager is what the specification calls it
        return !type.getSimpleName().endsWith("EntityManager")
                && type.getSimpleName().matches(".*(Impl|Manager|Helper|Utils?|Dto|DTO|Facade|Repository)");
    }
}
