import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('activities', '0013_history_of_locks'),
        ('organisations', '0003_history_written_once'),
        ('people', '0019_newest_requests'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='booking',
            name='count_seats',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='booking',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='booking',
            name='update_update',
        ),
        migrations.AddField(
            model_name='booking',
            name='is_out_of_turn',
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name='out of turn'),
        ),
        migrations.AddField(
            model_name='bookingevent',
            name='is_out_of_turn',
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name='out of turn'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='booking',
            trigger=pgtrigger.compiler.Trigger(name='count_seats', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF TG_OP = 'UPDATE' AND (OLD.session_id, OLD.activity_id, OLD.seats, OLD.stage, OLD.override_reason, OLD.is_out_of_turn)\n        IS NOT DISTINCT FROM (NEW.session_id, NEW.activity_id, NEW.seats, NEW.stage, NEW.override_reason, NEW.is_out_of_turn) THEN\n    RETURN NULL;\nEND IF;\nIF TG_OP <> 'INSERT' AND OLD.stage IN ('confirmed', 'offered', 'completed') THEN\n    UPDATE activities_session SET seats_taken = seats_taken - OLD.seats,\n        seats_overridden = seats_overridden - CASE WHEN OLD.override_reason <> '' AND NOT OLD.is_out_of_turn THEN OLD.seats ELSE 0 END\n    WHERE id = OLD.session_id;\n    UPDATE activities_activity SET seats_taken = seats_taken - OLD.seats,\n        seats_overridden = seats_overridden - CASE WHEN OLD.override_reason <> '' AND NOT OLD.is_out_of_turn THEN OLD.seats ELSE 0 END\n    WHERE id = OLD.activity_id;\nEND IF;\nIF TG_OP <> 'DELETE' AND NEW.stage IN ('confirmed', 'offered', 'completed') THEN\n    UPDATE activities_session SET seats_taken = seats_taken + NEW.seats,\n        seats_overridden = seats_overridden + CASE WHEN NEW.override_reason <> '' AND NOT NEW.is_out_of_turn THEN NEW.seats ELSE 0 END\n    WHERE id = NEW.session_id;\n    UPDATE activities_activity SET seats_taken = seats_taken + NEW.seats,\n        seats_overridden = seats_overridden + CASE WHEN NEW.override_reason <> '' AND NOT NEW.is_out_of_turn THEN NEW.seats ELSE 0 END\n    WHERE id = NEW.activity_id;\nEND IF;\nRETURN NULL;\n", hash='baa567e98e6f9f1c7ee4228da8a1bce4a9536f64', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_count_seats_75530', table='activities_booking', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='booking',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "activities_bookingevent" ("activity_id", "booked_at", "booked_by_id", "class_group_id", "guest_id", "id", "is_out_of_turn", "level", "offered_until", "override_by_id", "override_reason", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "pupil_id", "reason", "school_id", "seats", "session_id", "stage") VALUES (NEW."activity_id", NEW."booked_at", NEW."booked_by_id", NEW."class_group_id", NEW."guest_id", NEW."id", NEW."is_out_of_turn", NEW."level", NEW."offered_until", NEW."override_by_id", NEW."override_reason", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."priority", NEW."pupil_id", NEW."reason", NEW."school_id", NEW."seats", NEW."session_id", NEW."stage"); RETURN NULL;', hash='ef681c43cbe5a076fb3a69f847fd1bf814d70103', operation='INSERT', pgid='pgtrigger_insert_insert_a0e7e', table='activities_booking', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='booking',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "activities_bookingevent" ("activity_id", "booked_at", "booked_by_id", "class_group_id", "guest_id", "id", "is_out_of_turn", "level", "offered_until", "override_by_id", "override_reason", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "pupil_id", "reason", "school_id", "seats", "session_id", "stage") VALUES (NEW."activity_id", NEW."booked_at", NEW."booked_by_id", NEW."class_group_id", NEW."guest_id", NEW."id", NEW."is_out_of_turn", NEW."level", NEW."offered_until", NEW."override_by_id", NEW."override_reason", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."priority", NEW."pupil_id", NEW."reason", NEW."school_id", NEW."seats", NEW."session_id", NEW."stage"); RETURN NULL;', hash='b864eaa2498e7d191ccce600ec48dad661442040', operation='UPDATE', pgid='pgtrigger_update_update_28310', table='activities_booking', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.CheckConstraint(condition=models.Q(('is_out_of_turn', False), models.Q(('override_reason', ''), _negated=True), _connector='OR'), name='activities_booking_out_of_turn_has_reason', violation_error_message='Say why this booking comes before others.'),
        ),
    ]
