import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0010_duplicates'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='byhandevent',
            trigger=pgtrigger.compiler.Trigger(name='written_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (current_setting('eoc.erasing', true) IS DISTINCT FROM 'on')", func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2ec46d9c3a21106a6ccac7b33d55b75d54dbc326', operation='UPDATE OR DELETE', pgid='pgtrigger_written_once_8a6f9', table='people_byhandevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clearanceevent',
            trigger=pgtrigger.compiler.Trigger(name='written_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (current_setting('eoc.erasing', true) IS DISTINCT FROM 'on')", func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1b10974a2ea78e974e2d9d695dc2a0e975774c81', operation='UPDATE OR DELETE', pgid='pgtrigger_written_once_00e6b', table='people_clearanceevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consentevent',
            trigger=pgtrigger.compiler.Trigger(name='written_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (current_setting('eoc.erasing', true) IS DISTINCT FROM 'on')", func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d09bf766408772d06ffc1b8ba43f76ab57ca8afa', operation='UPDATE OR DELETE', pgid='pgtrigger_written_once_89354', table='people_consentevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='duplicatepairevent',
            trigger=pgtrigger.compiler.Trigger(name='written_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (current_setting('eoc.erasing', true) IS DISTINCT FROM 'on')", func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f0150318af7c8784a09ab52bca4f0b73c826d1fa', operation='UPDATE OR DELETE', pgid='pgtrigger_written_once_45381', table='people_duplicatepairevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='enrolmentevent',
            trigger=pgtrigger.compiler.Trigger(name='written_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (current_setting('eoc.erasing', true) IS DISTINCT FROM 'on')", func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e5c130a22e422949ee3d6008b499fc02147dcb4d', operation='UPDATE OR DELETE', pgid='pgtrigger_written_once_03e55', table='people_enrolmentevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='guardianevent',
            trigger=pgtrigger.compiler.Trigger(name='written_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (current_setting('eoc.erasing', true) IS DISTINCT FROM 'on')", func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='049ebf96c43f75acf02016eb25d0298350c07ad2', operation='UPDATE OR DELETE', pgid='pgtrigger_written_once_7e6ae', table='people_guardianevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='guardianshipevent',
            trigger=pgtrigger.compiler.Trigger(name='written_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (current_setting('eoc.erasing', true) IS DISTINCT FROM 'on')", func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3d32ddc4f0b7046cca57b0243b3661b4904beb3e', operation='UPDATE OR DELETE', pgid='pgtrigger_written_once_88c04', table='people_guardianshipevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mergeevent',
            trigger=pgtrigger.compiler.Trigger(name='written_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (current_setting('eoc.erasing', true) IS DISTINCT FROM 'on')", func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9e26612a24afd07be78e757b4970c475789cd13f', operation='UPDATE OR DELETE', pgid='pgtrigger_written_once_281a8', table='people_mergeevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='promotionevent',
            trigger=pgtrigger.compiler.Trigger(name='written_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (current_setting('eoc.erasing', true) IS DISTINCT FROM 'on')", func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f2a9c33fb27837283b643eb175782e5787216132', operation='UPDATE OR DELETE', pgid='pgtrigger_written_once_51a49', table='people_promotionevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='promotionrowevent',
            trigger=pgtrigger.compiler.Trigger(name='written_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (current_setting('eoc.erasing', true) IS DISTINCT FROM 'on')", func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='aafc5e7ad80211afa4545c8a9f0b0648bd3df1ce', operation='UPDATE OR DELETE', pgid='pgtrigger_written_once_af0ca', table='people_promotionrowevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pupilevent',
            trigger=pgtrigger.compiler.Trigger(name='written_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (current_setting('eoc.erasing', true) IS DISTINCT FROM 'on')", func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='fbe384f1b2e26fe53da88029c94f0f98b52f0900', operation='UPDATE OR DELETE', pgid='pgtrigger_written_once_5847a', table='people_pupilevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pupilnoteevent',
            trigger=pgtrigger.compiler.Trigger(name='written_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (current_setting('eoc.erasing', true) IS DISTINCT FROM 'on')", func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b299f8e58506589a8bc8383c9c2ed2c78ff0b1be', operation='UPDATE OR DELETE', pgid='pgtrigger_written_once_04b5d', table='people_pupilnoteevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='retentiontermevent',
            trigger=pgtrigger.compiler.Trigger(name='written_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (current_setting('eoc.erasing', true) IS DISTINCT FROM 'on')", func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='48fd8766c4de408c99502f71f19143577674e09d', operation='UPDATE OR DELETE', pgid='pgtrigger_written_once_5d950', table='people_retentiontermevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rightsrequestevent',
            trigger=pgtrigger.compiler.Trigger(name='written_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (current_setting('eoc.erasing', true) IS DISTINCT FROM 'on')", func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='de368e16e84589891672014c94e5dc6e893d8978', operation='UPDATE OR DELETE', pgid='pgtrigger_written_once_bf94c', table='people_rightsrequestevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='schoolcontactevent',
            trigger=pgtrigger.compiler.Trigger(name='written_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (current_setting('eoc.erasing', true) IS DISTINCT FROM 'on')", func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4a344f8c03d6f95ee761b9f9bd090844f760cb0a', operation='UPDATE OR DELETE', pgid='pgtrigger_written_once_287b3', table='people_schoolcontactevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='schoolpostevent',
            trigger=pgtrigger.compiler.Trigger(name='written_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (current_setting('eoc.erasing', true) IS DISTINCT FROM 'on')", func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='511c914dead9883a9abac721c9e8e511ca57be97', operation='UPDATE OR DELETE', pgid='pgtrigger_written_once_ecd48', table='people_schoolpostevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='volunteerevent',
            trigger=pgtrigger.compiler.Trigger(name='written_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (current_setting('eoc.erasing', true) IS DISTINCT FROM 'on')", func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2a6b6dda509e7cf188509b5d2fb9ee49b739efa4', operation='UPDATE OR DELETE', pgid='pgtrigger_written_once_a293d', table='people_volunteerevent', when='BEFORE')),
        ),
    ]
